package org.t3jvm.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.BackendOption;
import org.t3jvm.cli.option.ModelOptions;
import org.t3jvm.job.Compute;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.server.ServerOptions;
import org.t3jvm.server.T3Server;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 serve}: a queue of videos behind HTTP, with a page. */
@Command(
    name = "serve",
    description = {
      "Serves videos over HTTP: a queue, an API that tools of other services speak, a page.",
      "Without --host it can be reached from this machine alone."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ServeCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;
  private static final String TOKEN = "T3_TOKEN";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final BackendOption backend = new BackendOption();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; other than this machine's own needs --token (default:"
              + " ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8188",
      description = "Port to listen on; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the jobs and videos (default: t3-data in the current folder).")
  private Path data = Path.of("t3-data");

  @Option(
      names = "--loras",
      paramLabel = "DIR",
      description = "Folder of LoRA files that jobs may name (default: loras in --data).")
  private @Nullable Path loras;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Token of at least 16 characters that clients must bring (default: the environment's"
              + " T3_TOKEN, which other users of the machine cannot read).")
  private @Nullable String token;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name that the server goes by too, such as that of a proxy; can be repeated.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Videos to keep once they are ended, the newest (default: all).")
  private @Nullable Integer keep;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    VideoJobBuilder asked = VideoJob.of("");
    model.applyTo(asked);
    backend.applyTo(asked);
    Compute compute = asked.build().compute();
    RunOptions run = backend.options(null, null);
    try (T3Server server = start(run, compute, err)) {
      announce(server, spec.commandLine().getOut());
      CountDownLatch stop = new CountDownLatch(1);
      Thread hook = new Thread(() -> stopped(server, stop, err), "t3-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      stop.await();
    }
    return 0;
  }

  private T3Server start(RunOptions run, Compute compute, PrintWriter err) throws IOException {
    if (port < 0 || port > MAX_PORT) {
      throw new UsageException("--port is %d, must be from 0 to %d".formatted(port, MAX_PORT));
    }
    if (keep != null && keep < 1) {
      throw new UsageException("--keep is %d, must be at least 1".formatted(keep));
    }
    Path folder = loras != null ? loras : data.resolve("loras");
    ServerOptions options =
        new ServerOptions(
            host,
            port,
            data,
            folder,
            token != null ? token : System.getenv(TOKEN),
            names,
            keep == null ? 0 : keep);
    try {
      return T3Server.start(
          model.source(),
          run,
          compute,
          options,
          note -> err.println(FieldOptions.spell(note)),
          defect -> report(defect, err));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static void report(Throwable defect, PrintWriter err) {
    err.println("t3: " + ErrorLine.of(defect));
    if (System.getenv(ErrorLine.DEBUG) != null) {
      defect.printStackTrace(err);
    }
    err.flush();
  }

  private void announce(T3Server server, PrintWriter out) {
    InetSocketAddress address = server.address();
    String name = address.getAddress().isAnyLocalAddress() ? "localhost" : host;
    String shown = name.contains(":") ? "[" + name + "]" : name;
    String url = "http://%s:%d/".formatted(shown, address.getPort());
    out.println("serving at " + url);
    server
        .newKey()
        .ifPresent(
            key -> out.println("open once in a browser: %slogin?key=%s".formatted(url, key)));
    out.flush();
  }

  /**
   * On SIGTERM and Ctrl-C: the run that is on ends after its block, and the next server resumes it.
   */
  private static void stopped(T3Server server, CountDownLatch stop, PrintWriter err) {
    err.println("t3: stopping at the end of this block; the next t3 serve resumes the job");
    err.flush();
    try {
      server.close();
    } catch (IOException e) {
      report(e, err);
    }
    stop.countDown();
  }
}
