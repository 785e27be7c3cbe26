package org.t3jvm.server.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds what answers a request, and answers it if nothing does or something fails. */
public final class Router implements HttpHandler, AutoCloseable {
  /** One chunk of a response must be taken within this time. */
  private static final Duration SLOWEST_WRITE = Duration.ofSeconds(20);

  /** What answers the requests of a route. */
  public interface Action {
    /**
     * Answers a request.
     *
     * @throws HttpFailure to refuse it
     * @throws IOException if the client is gone, or the disk fails
     */
    void answer(Call call) throws HttpFailure, IOException, InterruptedException;
  }

  /** Decides about every request before anything else looks at it. */
  public interface Guard {
    /**
     * Lets a request pass.
     *
     * @param open whether the route is for everybody
     * @throws HttpFailure to refuse it
     */
    void check(HttpExchange exchange, boolean open) throws HttpFailure;
  }

  /** Hears of every request that was answered. */
  public interface Log {
    /**
     * A request was answered.
     *
     * @param route such as {@code GET /v1/videos/{id}}; {@code none} for a path that there is not
     * @param status of the response; 0 if the client was gone
     */
    void answered(String route, int status, Duration time);
  }

  private record Route(
      String name, String method, String path, List<String> parts, boolean open, Action action) {
    @Nullable Map<String, String> match(List<String> asked) {
      if (asked.size() != parts.size()) {
        return null;
      }
      Map<String, String> found = new HashMap<>();
      for (int i = 0; i < parts.size(); i++) {
        String part = parts.get(i);
        if (part.startsWith("{")) {
          found.put(part.substring(1, part.length() - 1), asked.get(i));
        } else if (!part.equals(asked.get(i))) {
          return null;
        }
      }
      return found;
    }
  }

  private final List<Route> routes = new ArrayList<>();
  private final Patience patience = new Patience(SLOWEST_WRITE);
  private final Guard guard;
  private final Log log;
  private final Consumer<Throwable> defects;

  /**
   * A router without routes.
   *
   * @param defects gets what no request should fail with
   */
  public Router(Guard guard, Log log, Consumer<Throwable> defects) {
    this.guard = guard;
    this.log = log;
    this.defects = defects;
  }

  /** Adds a route for those who are let in, such as {@code GET}, {@code /v1/videos/{id}}. */
  public Router on(String method, String path, Action action) {
    return add(method, path, false, action);
  }

  /** Adds a route for everybody. */
  public Router open(String method, String path, Action action) {
    return add(method, path, true, action);
  }

  private Router add(String method, String path, boolean open, Action action) {
    routes.add(new Route(method + " " + path, method, path, parts(path), open, action));
    return this;
  }

  private static List<String> parts(String path) {
    return List.of(path.split("/", -1));
  }

  /** The methods of every path, in the order that they were added. */
  public Map<String, List<String>> routes() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Route route : routes) {
      all.computeIfAbsent(route.path(), path -> new ArrayList<>()).add(route.method());
    }
    return all;
  }

  private record Found(Route route, Map<String, String> parameters) {}

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    String name = "none";
    Call call = new Call(exchange, Map.of(), patience);
    try {
      defaults(call);
      Found found = find(exchange);
      if (found != null) {
        name = found.route().name();
        call = new Call(exchange, found.parameters(), patience);
      }
      guard.check(exchange, found != null && found.route().open());
      if (found == null) {
        throw missing(exchange);
      }
      found.route().action().answer(call);
    } catch (HttpFailure e) {
      refuse(call, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RequestBody.BrokenException e) {
      refuse(call, new HttpFailure(400, "malformed_body", "the body cannot be read"));
    } catch (IOException e) {
      fail(call, "the request cannot be served: " + e.getClass().getSimpleName());
    } catch (RuntimeException e) {
      defects.accept(e);
      fail(call, "internal error");
    } finally {
      exchange.close();
      log.answered(name, call.status(), Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static void defaults(Call call) {
    call.reply("Cache-Control", "no-store");
    call.reply("X-Content-Type-Options", "nosniff");
    call.reply("Cross-Origin-Resource-Policy", "same-origin");
    call.reply("Referrer-Policy", "no-referrer");
  }

  private @Nullable Found find(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    List<String> asked = parts(String.valueOf(exchange.getRequestURI().getRawPath()));
    for (Route route : routes) {
      boolean right =
          route.method().equals(method) || (method.equals("HEAD") && route.method().equals("GET"));
      Map<String, String> parameters = right ? route.match(asked) : null;
      if (parameters != null) {
        return new Found(route, parameters);
      }
    }
    return null;
  }

  /** Nothing answers: the path is unknown, or has other methods. */
  private HttpFailure missing(HttpExchange exchange) {
    List<String> asked = parts(String.valueOf(exchange.getRequestURI().getRawPath()));
    List<String> methods =
        routes.stream()
            .filter(route -> route.match(asked) != null)
            .map(Route::method)
            .distinct()
            .toList();
    if (methods.isEmpty()) {
      return HttpFailure.notFound("there is no such path; /openapi.json has those that there are");
    }
    exchange.getResponseHeaders().set("Allow", String.join(", ", methods));
    return new HttpFailure(
        405, "method", "the path takes %s".formatted(String.join(", ", methods)));
  }

  private static void refuse(Call call, HttpFailure failure) throws IOException {
    if (call.status() != 0) {
      return;
    }
    // What follows of a body that is not wanted must not be taken for another request.
    call.reply("Connection", "close");
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("message", failure.getMessage());
    error.put("type", failure.status() < 500 ? "invalid_request_error" : "server_error");
    error.put("param", failure.field());
    error.put("code", failure.code());
    call.json(failure.status(), Map.of("error", error));
  }

  private static void fail(Call call, String message) throws IOException {
    refuse(call, new HttpFailure(500, "internal", message));
  }

  @Override
  public void close() {
    patience.close();
  }
}
