package org.t3jvm.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Compute;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.server.api.Api;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.guard.Access;
import org.t3jvm.server.guard.Door;
import org.t3jvm.server.http.Listener;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.queue.Runner;
import org.t3jvm.server.store.JobStore;

/** A model behind HTTP. It computes one job at a time; the others wait, in order, on disk. */
public final class T3Server implements AutoCloseable {
  private final JobStore store;
  private final Engine engine;
  private final JobQueue queue;
  private final Runner runner;
  private final Router router;
  private final Listener listener;
  private final @Nullable Access access;
  private final AtomicBoolean closed = new AtomicBoolean();

  private T3Server(
      JobStore store,
      Engine engine,
      JobQueue queue,
      Runner runner,
      Router router,
      Listener listener,
      @Nullable Access access) {
    this.store = store;
    this.engine = engine;
    this.queue = queue;
    this.runner = runner;
    this.router = router;
    this.listener = listener;
    this.access = access;
  }

  /**
   * Opens a model, takes the jobs up where an earlier server has left them, and listens.
   *
   * @param compute what computes jobs that do not say it
   * @param notes gets lines for people
   * @param defects gets what no request and no job should fail with
   * @throws IllegalArgumentException if other machines could use the server without a token
   * @throws IOException if a part of the model is missing, the data folder is in use or cannot be
   *     written, or the address cannot be listened on
   */
  public static T3Server start(
      ModelSource source,
      RunOptions run,
      Compute compute,
      ServerOptions options,
      Consumer<String> notes,
      Consumer<Throwable> defects)
      throws IOException {
    InetSocketAddress address = address(options);
    boolean loopback = address.getAddress().isLoopbackAddress();
    if (!loopback && options.token() == null) {
      throw new IllegalArgumentException(
          "host %s can be reached from other machines, which needs a token"
              .formatted(options.host()));
    }
    Access access = options.token() == null ? null : new Access(options.token());
    JobStore store = JobStore.open(options.data());
    Engine engine = null;
    try {
      engine = Engine.open(source, run, compute, options.loras(), notes);
      JobQueue queue = JobQueue.open(store, engine.model(), notes);
      Door door = new Door(options.host(), options.names(), loopback, access);
      Router router = Api.router(engine, queue, store, door, access, defects);
      Listener listener = Listener.start(address, router);
      Runner runner = new Runner(queue, engine, Runner.disk(store), options.keep(), defects);
      runner.start();
      return new T3Server(store, engine, queue, runner, router, listener, access);
    } catch (IOException | RuntimeException e) {
      if (engine != null) {
        engine.close();
      }
      store.close();
      throw e;
    }
  }

  private static InetSocketAddress address(ServerOptions options) throws IOException {
    try {
      return new InetSocketAddress(InetAddress.getByName(options.host()), options.port());
    } catch (UnknownHostException e) {
      throw new IOException("host '%s' is unknown".formatted(options.host()), e);
    }
  }

  /** The address that is listened on. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** A key for {@code /login?key=} that lets one browser in, once; empty where no token is. */
  public Optional<String> newKey() {
    return Optional.ofNullable(access).map(Access::newKey);
  }

  /** The paths that are answered, and by which methods. */
  public Map<String, List<String>> routes() {
    return router.routes();
  }

  /**
   * Stops: answers no more, ends the run that is on after its block, so that another server resumes
   * it, and gives the model back.
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    listener.close();
    queue.close();
    runner.close();
    router.close();
    try {
      engine.close();
    } finally {
      store.close();
    }
  }
}
