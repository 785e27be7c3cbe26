package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one server. The token goes to this server alone: where a redirect leads elsewhere,
 * the request continues without it.
 */
public final class HubClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(4);
  private static final Duration HEADERS = Duration.ofSeconds(60);
  private static final Duration STALL = Duration.ofSeconds(60);
  private static final int REDIRECTS = 10;
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  static {
    // Java's client sends no password to the proxy of an https address unless it is told to before
    // its first use. The proxies are those that the user names.
    String disabled = "jdk.http.auth.tunneling.disabledSchemes";
    if (System.getProperty(disabled) == null) {
      System.setProperty(disabled, "");
    }
  }

  private final URI endpoint;
  private final @Nullable String token;
  private final Pause pause;
  private final Duration stall;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final ProxySettings proxies;
  private final HttpClient http;

  /**
   * A client.
   *
   * @param endpoint such as {@code https://huggingface.co}
   * @param token for repositories that need one, or null
   * @param environment where proxies are named
   * @throws IllegalArgumentException if the endpoint is no http or https address, a proxy none
   *     either, or the token has characters that no token has
   */
  public HubClient(
      String endpoint, @Nullable String token, Pause pause, Map<String, String> environment) {
    this(endpoint, token, pause, STALL, environment);
  }

  /**
   * As the other one.
   *
   * @param stall how long an answer may pause before its connection is given up
   */
  HubClient(
      String endpoint,
      @Nullable String token,
      Pause pause,
      Duration stall,
      Map<String, String> environment) {
    this.endpoint = URI.create(endpoint.replaceAll("/+$", ""));
    String scheme = this.endpoint.getScheme();
    if (this.endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "endpoint '%s' is no address such as https://huggingface.co".formatted(endpoint));
    }
    if (token != null && !TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "the token of HF_TOKEN or of the token file has spaces or other characters that no token"
              + " has");
    }
    this.token = token;
    this.pause = pause;
    this.stall = stall;
    this.proxies = new ProxySettings(environment);
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(proxies)
            .build();
  }

  /** An answer of status 200 or 206, whose body is to be closed. */
  record Answer(int status, HttpHeaders headers, InputStream body) {}

  URI endpoint() {
    return endpoint;
  }

  Pause pause() {
    return pause;
  }

  /** The address of a path below the endpoint; segments are encoded, slashes are not. */
  URI uri(String path, String query) {
    return URI.create(endpoint + path + query);
  }

  /** A name as it stands in an address. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A path as it stands in an address. */
  static String encodePath(String path) {
    return encode(path).replace("%2F", "/");
  }

  /**
   * Sends a GET and follows redirects.
   *
   * @param what is asked for, for messages
   * @param range of bytes as in {@code Range: bytes=}, or null for all
   * @throws HubException if trying again is useless
   * @throws IOException if it may help
   */
  Answer get(URI uri, String what, @Nullable String range) throws IOException {
    URI next = uri;
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpResponse<InputStream> response = send(next, range);
      int status = response.statusCode();
      if (status == 200 || status == 206) {
        InputStream body = new WatchedStream(response.body(), stall, clock);
        return new Answer(status, response.headers(), body);
      }
      response.body().close();
      Optional<String> location = response.headers().firstValue("Location");
      if (status < 300 || status >= 400 || location.isEmpty()) {
        throw failure(what, response, sameServer(next));
      }
      next = redirect(next, location.get());
    }
    throw new HubException("%s: more than %d redirects".formatted(what, REDIRECTS));
  }

  /**
   * Where a server points to.
   *
   * @throws HubException if that is no address, or a less safe one than its own
   */
  static URI redirect(URI from, String location) throws HubException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException("'%s' redirects to no address".formatted(from.getHost()), e);
    }
    boolean secure = "https".equals(to.getScheme());
    if (to.getHost() == null || !(secure || ("http".equals(to.getScheme()) && isPlain(from)))) {
      throw new HubException("'%s' redirects to an unsafe address".formatted(from.getHost()));
    }
    return to;
  }

  private static boolean isPlain(URI uri) {
    return "http".equals(uri.getScheme());
  }

  private HttpResponse<InputStream> send(URI uri, @Nullable String range) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(HEADERS).header("User-Agent", "t3jvm");
    if (token != null && sameServer(uri)) {
      request.header("Authorization", "Bearer " + token);
    }
    proxies.authorization(uri).ifPresent(value -> request.header("Proxy-Authorization", value));
    if (range != null) {
      request.header("Range", "bytes=" + range);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      ConnectException failure =
          new ConnectException(
              "no connection to %s%s".formatted(uri.getAuthority(), proxies.description(uri)));
      failure.initCause(e);
      throw failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was interrupted");
    }
  }

  private boolean sameServer(URI uri) {
    return endpoint.getScheme().equals(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && endpoint.getPort() == uri.getPort();
  }

  private IOException failure(String what, HttpResponse<?> response, boolean ours) {
    int status = response.statusCode();
    String code = response.headers().firstValue("X-Error-Code").orElse("");
    boolean temporary = status == 408 || status == 425 || status == 429 || status >= 500;
    if (temporary || (!ours && status == 403)) {
      return new TemporaryException(
          "%s: the server answers %d".formatted(what, status), retryAfter(response));
    }
    if (code.equals("RevisionNotFound")) {
      return new HubException("%s: there is no such revision".formatted(what));
    }
    if (code.equals("GatedRepo") || status == 403) {
      return new HubException(
          "%s is gated: accept its terms on %s, and give a token that may read it in HF_TOKEN"
              .formatted(what, endpoint.getHost()));
    }
    if (status == 401) {
      return new HubException(
          token == null
              ? "%s does not exist, or needs a token: set HF_TOKEN".formatted(what)
              : "%s does not exist, or the token in HF_TOKEN may not read it".formatted(what));
    }
    if (status == 407) {
      return new HubException(
          "%s: the proxy wants a user and a password, such as http://user:password@proxy:3128 in HTTPS_PROXY"
              .formatted(what));
    }
    if (status == 404) {
      return new HubException("%s does not exist on %s".formatted(what, endpoint.getHost()));
    }
    return new HubException("%s: the server answers %d".formatted(what, status));
  }

  /** Seconds; a date is left to the usual waiting. */
  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    Matcher seconds =
        Pattern.compile("\\d{1,6}")
            .matcher(response.headers().firstValue("Retry-After").orElse("").strip());
    return seconds.matches()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds.group())))
        : Optional.empty();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.shutdownNow();
    http.close();
  }
}
