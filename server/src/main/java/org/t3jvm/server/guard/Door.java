package org.t3jvm.server.guard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.http.Router;

/**
 * Lets in who may come in: requests that mean this server, that no page of another site sends, and
 * that bring the token where there is one.
 */
public final class Door implements Router.Guard {
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final Hosts hosts;
  private final @Nullable Access access;

  /**
   * The door of a server.
   *
   * @param host that it listens on
   * @param names more names that it goes by
   * @param loopback whether it listens for its own machine alone
   * @param access null to let everybody in who can reach it
   */
  public Door(String host, List<String> names, boolean loopback, @Nullable Access access) {
    this.hosts = new Hosts(host, names, loopback);
    this.access = access;
  }

  @Override
  public void check(HttpExchange exchange, boolean open) throws HttpFailure {
    Headers headers = exchange.getRequestHeaders();
    List<String> named = headers.getOrDefault("Host", List.of());
    if (named.size() != 1 || !hosts.has(named.getFirst())) {
      throw new HttpFailure(
          421,
          "host",
          "this server does not go by the name in the Host header; t3 serve --name adds one");
    }
    checkSite(exchange, named.getFirst());
    if (access == null || open) {
      return;
    }
    if (!access.has(headers.getFirst("Authorization"), headers.getFirst("Cookie"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      throw new HttpFailure(401, "token", "the token is missing or wrong");
    }
  }

  /** Refuses what a page of another site sends; it may link here, and no more. */
  private static void checkSite(HttpExchange exchange, String host) throws HttpFailure {
    Headers headers = exchange.getRequestHeaders();
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
      throw foreign();
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    boolean link =
        "navigate".equals(headers.getFirst("Sec-Fetch-Mode"))
            && exchange.getRequestMethod().equals("GET");
    if (site != null && !OWN_SITE.contains(site) && !link) {
      throw foreign();
    }
  }

  private static HttpFailure foreign() {
    return new HttpFailure(403, "origin", "pages of other sites may not use this server");
  }
}
