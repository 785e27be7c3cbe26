package org.t3jvm.model.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names: {@code HTTPS_PROXY} or {@code HTTP_PROXY} by the scheme
 * of the address, else {@code ALL_PROXY}, in either case of letters; none for hosts that {@code
 * NO_PROXY} lists. A user and a password may stand before the host, percent-encoded. Without any of
 * them, those of the JVM's properties.
 */
final class ProxySettings extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final Map<String, String> environment;

  /**
   * @throws IllegalArgumentException if a variable holds no address of a proxy
   */
  ProxySettings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    for (String scheme : List.of("http", "https")) {
      String variable = variable(scheme);
      if (variable != null) {
        address(variable);
      }
    }
  }

  @Override
  public List<Proxy> select(URI uri) {
    String variable = variable(String.valueOf(uri.getScheme()));
    if (variable == null) {
      ProxySelector properties = ProxySelector.getDefault();
      return properties == null ? DIRECT : properties.select(uri);
    }
    return excluded(uri) ? DIRECT : List.of(new Proxy(Proxy.Type.HTTP, address(variable)));
  }

  /** How an address is reached, for messages; empty if directly. */
  String description(URI uri) {
    String variable = variable(String.valueOf(uri.getScheme()));
    if (variable == null || excluded(uri)) {
      return "";
    }
    InetSocketAddress proxy = address(variable);
    return " through the proxy %s:%d of %s"
        .formatted(proxy.getHostString(), proxy.getPort(), variable);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The request fails with its own message.
  }

  /** The variable that says the proxy of a scheme; null if none does. */
  private @Nullable String variable(String scheme) {
    String name = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
    for (String each : List.of(name, "ALL_PROXY")) {
      for (String variable : List.of(each, each.toLowerCase(Locale.ROOT))) {
        if (!environment.getOrDefault(variable, "").isBlank()) {
          return variable;
        }
      }
    }
    return null;
  }

  private InetSocketAddress address(String variable) {
    try {
      URI uri = uri(variable);
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
        return InetSocketAddress.createUnresolved(uri.getHost(), port);
      }
    } catch (IllegalArgumentException e) {
      // Its own message would show a password.
    }
    throw new IllegalArgumentException(
        variable + " is no address of a proxy, such as http://proxy.example:3128");
  }

  private URI uri(String variable) {
    String text = environment.getOrDefault(variable, "").strip();
    return URI.create(text.contains("://") ? text : "http://" + text);
  }

  /** What the proxy of an address is to be sent as Proxy-Authorization; empty if nothing. */
  Optional<String> authorization(URI uri) {
    String variable = variable(String.valueOf(uri.getScheme()));
    if (variable == null || excluded(uri)) {
      return Optional.empty();
    }
    return Optional.ofNullable(uri(variable).getUserInfo())
        .map(user -> user.getBytes(StandardCharsets.UTF_8))
        .map(user -> "Basic " + Base64.getEncoder().encodeToString(user));
  }

  /** Entries are hosts, domains, or either with a port. */
  private boolean excluded(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    String name = environment.getOrDefault("NO_PROXY", environment.getOrDefault("no_proxy", ""));
    return Arrays.stream(name.split(","))
        .map(each -> each.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
        .filter(each -> !each.isEmpty())
        .anyMatch(each -> matches(host, each) || matches(host + ":" + port, each));
  }

  private static boolean matches(String host, String pattern) {
    return pattern.equals("*") || host.equals(pattern) || host.endsWith("." + pattern);
  }
}
