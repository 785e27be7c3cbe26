package org.t3jvm.server.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's HTTP server with bounds: it keeps none of its own but for these properties. */
public final class Listener implements AutoCloseable {
  private static final Map<String, String> BOUNDS =
      Map.of(
          // Seconds that a request's header and body may take together.
          "sun.net.httpserver.maxReqTime", "120",
          // Seconds that a connection may lie idle, before its first request too.
          "sun.net.httpserver.idleInterval", "15",
          "sun.net.httpserver.clockTick", "2000",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "jdk.httpserver.maxConnections", "4096",
          // Small answers must not wait for an acknowledgement.
          "sun.net.httpserver.nodelay", "true");

  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService threads;

  private Listener(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens, and answers by a router, each request on a virtual thread.
   *
   * @param address port 0 for any that is free
   * @throws IOException if that cannot be listened on
   */
  public static Listener start(InetSocketAddress address, Router router) throws IOException {
    // The JDK reads them once, when the first server is made.
    BOUNDS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", router);
    server.start();
    return new Listener(server, threads);
  }

  /** The address that is listened on. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Closes all connections at once. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
