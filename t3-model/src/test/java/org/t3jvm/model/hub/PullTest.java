package org.t3jvm.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server on this machine that cuts, lies, corrupts, redirects and refuses. */
class PullTest {
  private static final String BIG = "folder/model 一.safetensors";
  private static final int CHUNK = 4096;

  @TempDir Path dir;
  private final FakeHub hub = new FakeHub();
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void fill() {
    byte[] big = new byte[10 * CHUNK + 17];
    new Random(5).nextBytes(big);
    hub.files.put(BIG, big);
    hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hub.files.put("empty.txt", new byte[0]);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Pull.Result pull(Disk disk, @Nullable String token, String... include)
      throws IOException {
    try (HubClient client = new HubClient(hub.endpoint() + "/", token, pauses::add, Map.of())) {
      return new Pull("org/tiny", "main", new PathFilter(List.of(include), List.of()), out())
          .run(client, new Pull.Transfer(3, CHUNK, disk), PullListener.NONE);
    }
  }

  private Pull.Result pull() throws IOException {
    return pull(Disk.REAL, null);
  }

  private Path out() {
    return dir.resolve("out");
  }

  private void requireWhole() throws IOException {
    for (var file : hub.files.entrySet()) {
      assertThat(out().resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    try (Stream<Path> all = Files.walk(out())) {
      assertThat(all.filter(Files::isRegularFile)).as("no parts").hasSize(hub.files.size());
    }
  }

  private long contentRequests() {
    return hub.seen.stream().filter(seen -> seen.path().contains("resolve")).count();
  }

  @Test
  void everyFileComesAndIsNotFetchedAgain() throws IOException {
    hub.pageSize = 1;
    assertThat(pull().downloaded()).isEqualTo(3);
    requireWhole();
    long requests = contentRequests();
    assertThat(requests).as("11 chunks and a small file").isEqualTo(12);
    assertThat(pull()).isEqualTo(new Pull.Result(0, 3, 10 * CHUNK + 19));
    assertThat(contentRequests()).isEqualTo(requests);
    Files.writeString(out().resolve("config.json"), "[]");
    assertThat(pull().downloaded()).as("a file with other bytes").isEqualTo(1);
    requireWhole();
    assertThat(pauses).isEmpty();
  }

  @Test
  void patternsChooseFiles() throws IOException {
    assertThat(pull(Disk.REAL, null, "*.safetensors", "emp?y.txt").downloaded()).isEqualTo(2);
    assertThat(out().resolve("config.json")).doesNotExist();
    assertThatThrownBy(() -> pull(Disk.REAL, null, "*.bin"))
        .hasMessageContaining("no file that is wanted");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cutConnectionsGoOn(boolean ranges) throws IOException {
    hub.ranges = ranges;
    for (int i = 0; i < 4; i++) {
      hub.faults.add(hub.cut());
    }
    pull();
    requireWhole();
    assertThat(pauses).hasSize(4);
  }

  @Test
  void anAnswerThatStopsIsGivenUp() throws IOException {
    hub.faults.add(hub.stall());
    try (HubClient client =
        new HubClient(hub.endpoint(), null, pauses::add, Duration.ofSeconds(2), Map.of())) {
      new Pull("org/tiny", "main", new PathFilter(List.of(), List.of()), out())
          .run(client, new Pull.Transfer(3, CHUNK, Disk.REAL), PullListener.NONE);
    }
    requireWhole();
    assertThat(pauses).isNotEmpty();
  }

  @Test
  void serversThatAreBusyAreGivenTheTimeTheyAskFor() throws IOException {
    hub.faults.add(FakeHub.status(429, "17"));
    hub.faults.add(FakeHub.status(503, null));
    pull(Disk.REAL, null, "config.json");
    assertThat(pauses).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(2));
  }

  @Test
  void whatABrokenRunGotIsKept() throws IOException {
    for (int i = 0; i < 5; i++) {
      hub.faults.add((exchange, content) -> false);
    }
    for (int i = 0; i < 100; i++) {
      hub.faults.add(FakeHub.status(500, null));
    }
    assertThatThrownBy(() -> pull(Disk.REAL, null, "folder/*"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("failed 6 times")
        .hasMessageContaining("answers 500")
        .hasMessageContaining("to resume");
    assertThat(out().resolve(BIG)).doesNotExist();
    hub.faults.clear();
    long before = contentRequests();
    pull();
    requireWhole();
    assertThat(contentRequests() - before).as("6 of 11 chunks, and a file").isEqualTo(7);
  }

  @Test
  void aChangedByteIsFoundAndTheFileFetchedAnew() throws IOException {
    hub.faults.add(hub.corrupt());
    assertThatThrownBy(() -> pull(Disk.REAL, null, "folder/*"))
        .hasMessageContaining("its hash differs")
        .hasMessageContaining(BIG);
    assertThat(out().resolve(BIG)).doesNotExist();
    pull();
    requireWhole();
  }

  @Test
  void aDamagedPartIsFound() throws IOException {
    for (int i = 0; i < 4; i++) {
      hub.faults.add((exchange, content) -> false);
    }
    for (int i = 0; i < 100; i++) {
      hub.faults.add(FakeHub.status(500, null));
    }
    assertThatThrownBy(() -> pull(Disk.REAL, null, "folder/*")).hasMessageContaining("500");
    hub.faults.clear();
    Path state = out().resolve("folder/.model 一.safetensors.part.json");
    assertThat(state).exists();
    Files.writeString(state, Files.readString(state).substring(0, 20));
    pull();
    requireWhole();
  }

  @Test
  void lengthsThatDifferAreTold() {
    hub.faults.add(FakeHub.otherTotal());
    assertThatThrownBy(() -> pull(Disk.REAL, null, "folder/*"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("as %d bytes but lists it with %d".formatted(40978, 40977));
    assertThat(pauses).isEmpty();
  }

  @Test
  void theTokenStaysWithItsServer() throws IOException {
    hub.token = "hf_secret";
    hub.redirects = true;
    pull(Disk.REAL, "hf_secret");
    requireWhole();
    assertThat(hub.seen)
        .filteredOn(seen -> seen.host().equals("hub"))
        .allMatch(seen -> "Bearer hf_secret".equals(seen.authorization()));
    assertThat(hub.seen)
        .filteredOn(seen -> seen.host().equals("cdn"))
        .hasSize(12)
        .allMatch(seen -> seen.authorization() == null && seen.range() != null);
  }

  @Test
  void refusalsAreOneLineWithoutTheToken() {
    hub.token = "hf_secret";
    assertThatThrownBy(this::pull).hasMessageContaining("needs a token: set HF_TOKEN");
    assertThatThrownBy(() -> pull(Disk.REAL, "hf_wrong"))
        .hasMessageContaining("the token in HF_TOKEN may not read it")
        .hasMessageNotContaining("hf_");
    assertThatThrownBy(() -> new HubClient(hub.endpoint(), "hf_a\nb", pauses::add, Map.of()))
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("hf_a");
    hub.token = null;
    hub.faults.add(FakeHub.status(403, null));
    assertThatThrownBy(this::pull).hasMessageContaining("is gated");
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "/etc/x", "a/../../x", "a//x", "C:/x", "a\\\\..\\\\x", "", ".", "a/./x"})
  void pathsThatLeadOutAreRefused(String path) throws IOException {
    hub.listingSuffix =
        ", {\"type\": \"file\", \"oid\": \"%s\", \"size\": 0, \"path\": \"%s\"}"
            .formatted("0".repeat(40), path);
    assertThatThrownBy(this::pull).hasMessageContaining("would lie outside");
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aDiskThatFillsKeepsWhatIsThere() throws IOException {
    Disk full =
        new Disk() {
          @Override
          public void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
            if (position >= 3 * CHUNK) {
              throw new IOException("No space left on device");
            }
            Disk.super.write(file, bytes, position);
          }
        };
    assertThatThrownBy(() -> pull(full, null))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("to resume");
    assertThat(out().resolve("config.json")).as("fetched before").hasContent("{}");
    assertThat(out().resolve(BIG)).doesNotExist();
    pull();
    requireWhole();
  }

  @Test
  void spaceIsAskedForBeforeTheStart() {
    Disk small =
        new Disk() {
          @Override
          public long free(Path folder) {
            return 10L * CHUNK;
          }
        };
    assertThatThrownBy(() -> pull(small, null)).hasMessageContaining("are free");
    assertThat(contentRequests()).isZero();
  }

  private String refusal(String entry) {
    hub.listingSuffix = "," + entry;
    return refusal();
  }

  private String refusal() {
    HubException e = catchThrowableOfType(HubException.class, this::pull);
    assertThat(e).isNotNull();
    assertThat(e.getMessage()).hasLineCount(1).doesNotContain("\u001b", "\u009b", "\u202e");
    return String.valueOf(e.getMessage());
  }

  private static String entry(String path, String size) {
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%s,\"oid\":\"%s\"}"
        .formatted(path, size, "0".repeat(40));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\u001b[31mb", "a\\u009b31mb", "a\\u202eb", "a\\nb", "\\ud800"})
  void namesThatCannotBeShownAreRefused(String name) {
    assertThat(refusal(entry(name, "1"))).contains("characters that cannot be shown");
    assertThat(out()).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807, no file is larger than a petabyte",
    "72057594037927936, no file is larger than a petabyte",
    "1" + "0000000000" + "0000000000" + "0000000000 , without a size",
    "-1, without a size",
    "1125899906842624, are free"
  })
  void sizesThatNothingHasAreRefused(String size, String message) {
    assertThat(refusal(entry("a.txt", size))).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "http://[", "a b c"})
  void pagesThatLieNowhereAreRefused(String link) {
    hub.link = "<" + link + ">; rel=\"next\"";
    assertThat(refusal()).contains("redirects to");
  }

  @Test
  void aListingWithoutAnEndIsGivenUp() {
    hub.files.clear();
    hub.emptyPages = true;
    assertThat(refusal()).contains("lists pages after an empty one");
  }

  @Test
  void aRangeOfImpossibleNumbersIsNone() throws IOException {
    hub.faults.add(
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 99999999999999999999-0/5");
          exchange.sendResponseHeaders(206, content.length);
          exchange.getResponseBody().write(content);
          return true;
        });
    pull();
    requireWhole();
    assertThat(pauses).hasSize(1);
  }

  @Test
  void emptyFilesAreMadeWithoutARequest() throws IOException {
    hub.files.clear();
    for (int i = 0; i < 300; i++) {
      hub.files.put("d%d/f%d.txt".formatted(i % 7, i), new byte[0]);
    }
    assertThat(pull().downloaded()).isEqualTo(300);
    requireWhole();
    assertThat(contentRequests()).isZero();
  }

  @Test
  void requestsGoThroughTheProxyThatTheEnvironmentNames() throws IOException {
    Map<String, String> environment = Map.of("HTTP_PROXY", hub.endpoint(), "NO_PROXY", "b.invalid");
    pullConfig("http://a.invalid", environment);
    assertThat(out().resolve("config.json")).hasContent("{}");
    ProxySettings settings = new ProxySettings(environment);
    assertThat(settings.select(URI.create("http://b.invalid/x"))).containsExactly(Proxy.NO_PROXY);
    assertThat(settings.select(URI.create("http://c.b.invalid/"))).containsExactly(Proxy.NO_PROXY);
    assertThat(settings.select(URI.create("http://cb.invalid/x")).getFirst().address())
        .hasToString("127.0.0.1/<unresolved>:" + URI.create(hub.endpoint()).getPort());
    ProxySettings byPort =
        new ProxySettings(Map.of("HTTP_PROXY", hub.endpoint(), "NO_PROXY", "b.invalid:8080"));
    assertThat(byPort.select(URI.create("http://b.invalid:8080/"))).containsExactly(Proxy.NO_PROXY);
    assertThat(byPort.select(URI.create("http://b.invalid/")).getFirst().type())
        .isEqualTo(Proxy.Type.HTTP);
    assertThatThrownBy(() -> new ProxySettings(Map.of("ALL_PROXY", "socks5://host:1")))
        .hasMessageContaining("ALL_PROXY is no address of a proxy");
  }

  private void pullConfig(String server, Map<String, String> environment) throws IOException {
    try (HubClient client = new HubClient(server, null, pauses::add, environment)) {
      new Pull("org/tiny", "main", new PathFilter(List.of("config.json"), List.of()), out())
          .run(client, new Pull.Transfer(3, CHUNK, Disk.REAL), PullListener.NONE);
    }
  }

  /** The proxy gets the password; neither a message nor the server does. */
  @Test
  void passwordsOfProxiesAreSentToThemAlone() throws IOException {
    String proxy = hub.endpoint().replace("://", "://me:s%40crt@");
    Map<String, String> environment = Map.of("HTTP_PROXY", proxy, "NO_PROXY", "127.0.0.1");
    pullConfig("http://a.invalid", environment);
    String basic = Base64.getEncoder().encodeToString("me:s@crt".getBytes(StandardCharsets.UTF_8));
    assertThat(hub.seen)
        .extracting(FakeHub.Seen::proxyAuthorization)
        .isNotEmpty()
        .containsOnly("Basic " + basic);
    hub.seen.clear();
    Files.delete(out().resolve("config.json"));
    pullConfig(hub.endpoint(), environment);
    assertThat(hub.seen)
        .isNotEmpty()
        .allSatisfy(seen -> assertThat(seen.proxyAuthorization()).isNull());
    assertThatThrownBy(() -> new ProxySettings(Map.of("https_proxy", "http://me:s crt@host:1")))
        .hasMessage("https_proxy is no address of a proxy, such as http://proxy.example:3128");
  }

  /** What a proxy is asked for an https address, by the request line and the header lines. */
  private static List<String> head(Socket connection) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    List<String> lines = new ArrayList<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      lines.add(line);
    }
    return lines;
  }

  /** The tunnel to the server is refused, so that nothing of the request itself is seen. */
  @Test
  void theTunnelToAServerOfHttpsIsAskedForWithThePassword() throws Exception {
    List<List<String>> heads = Collections.synchronizedList(new ArrayList<>());
    Thread answers;
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      answers =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (true) {
                        try (Socket connection = proxy.accept()) {
                          heads.add(head(connection));
                          connection
                              .getOutputStream()
                              .write(
                                  "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                      .getBytes(StandardCharsets.ISO_8859_1));
                        }
                      }
                    } catch (IOException e) {
                      // The test is over.
                    }
                  });
      Map<String, String> environment =
          Map.of("https_proxy", "http://me:s%40crt@127.0.0.1:" + proxy.getLocalPort());
      assertThatThrownBy(() -> pullConfig("https://a.invalid", environment))
          .isInstanceOf(IOException.class)
          .message()
          .hasLineCount(1)
          .doesNotContain("crt");
    }
    answers.join();
    String basic = Base64.getEncoder().encodeToString("me:s@crt".getBytes(StandardCharsets.UTF_8));
    assertThat(heads)
        .isNotEmpty()
        .allSatisfy(
            head ->
                assertThat(head)
                    .startsWith("CONNECT a.invalid:443 HTTP/1.1")
                    .contains("Proxy-Authorization: Basic " + basic)
                    .noneMatch(line -> line.startsWith("Authorization")));
  }

  @Test
  void aServerThatIsNotThereIsReportedAfterTwoAttemptsWithItsProxy() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    String dead = "127.0.0.1:" + free;
    Map<String, String> environment = Map.of("http_proxy", dead);
    try (HubClient client = new HubClient("http://a.invalid", null, pauses::add, environment)) {
      assertThatThrownBy(
              () ->
                  new Pull("org/tiny", "main", new PathFilter(List.of(), List.of()), out())
                      .run(client, new Pull.Transfer(3, CHUNK, Disk.REAL), PullListener.NONE))
          .hasMessageContaining("no connection to a.invalid through the proxy " + dead)
          .hasMessageContaining("of http_proxy");
    }
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void theStoredTokenIsUsedWhereNoneIsGiven() throws IOException {
    Path stored = dir.resolve(".cache/huggingface/token");
    Files.createDirectories(stored.getParent());
    Files.writeString(stored, "hf_stored\n");
    Files.writeString(dir.resolve("token"), "hf_home");
    assertThat(HubToken.find(Map.of(), dir, true)).isEqualTo("hf_stored");
    assertThat(HubToken.find(Map.of(), dir, false)).isNull();
    assertThat(HubToken.find(Map.of("HF_HOME", dir.toString()), dir, true)).isEqualTo("hf_home");
    assertThat(HubToken.find(Map.of("HF_TOKEN", " hf_given "), dir, false)).isEqualTo("hf_given");
    assertThat(HubToken.find(Map.of(), dir.resolve("none"), true)).isNull();
    Files.writeString(stored, "x".repeat(5000));
    assertThatThrownBy(() -> HubToken.find(Map.of(), dir, true))
        .hasMessageContaining("too large for a token");
  }
}
