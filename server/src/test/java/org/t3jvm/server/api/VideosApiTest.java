package org.t3jvm.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.t3jvm.server.ServerFixture.error;
import static org.t3jvm.server.ServerFixture.ok;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.ServerFixture;
import tools.jackson.databind.JsonNode;

/** The API over one server of the embedded model. */
class VideosApiTest {
  @TempDir private static Path folder;
  private static ServerFixture server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerFixture.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aVideoHasTheBytesThatTheCommandLineWrites() throws Exception {
    String id = server.add(3);
    JsonNode video = server.await(id, "completed");
    assertThat(video.get("progress").asInt()).isEqualTo(100);
    assertThat(video.get("size").asString()).isEqualTo("48x32");
    assertThat(video.get("seed").asInt()).isEqualTo(3);
    Path own = folder.resolve("own.mp4");
    try (T3 t3 = T3.embedded()) {
      VideoJob job = VideoJob.fromJson(ServerFixture.SMALL.formatted(3));
      t3.generate(job, Output.of(own), event -> {}, new CancelToken());
    }
    byte[] whole = server.bytes(server.request("/v1/videos/" + id + "/content")).body();
    assertThat(whole).isEqualTo(Files.readAllBytes(own));

    HttpResponse<byte[]> part =
        server.bytes(
            server.request("/v1/videos/" + id + "/content").header("Range", "bytes=10-19"));
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 10-19/" + whole.length);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
    HttpResponse<byte[]> end =
        server.bytes(server.request("/v1/videos/" + id + "/content").header("Range", "bytes=-7"));
    assertThat(end.body()).isEqualTo(Arrays.copyOfRange(whole, whole.length - 7, whole.length));
    HttpResponse<byte[]> none =
        server.bytes(
            server.request("/v1/videos/" + id + "/content").header("Range", "bytes=99999999-"));
    assertThat(none.statusCode()).isEqualTo(416);

    String tag = part.headers().firstValue("ETag").orElseThrow();
    HttpResponse<byte[]> known =
        server.bytes(
            server
                .request("/v1/videos/" + id + "/content")
                .header("If-None-Match", "\"other\", W/" + tag));
    assertThat(known.statusCode()).isEqualTo(304);
    HttpResponse<byte[]> changed =
        server.bytes(
            server
                .request("/v1/videos/" + id + "/content")
                .header("If-Range", "\"other\"")
                .header("Range", "bytes=0-9"));
    assertThat(changed.body()).as("of another version no part is of use").isEqualTo(whole);

    for (String variant : List.of("thumbnail", "preview")) {
      byte[] picture =
          server.bytes(server.request("/v1/videos/" + id + "/content?variant=" + variant)).body();
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
      assertThat(image.getWidth() * 2).as(variant).isEqualTo(image.getHeight() * 3);
    }
  }

  @Test
  void theWidelySpokenShapeIsTakenAsJsonAndAsAForm() throws Exception {
    JsonNode json =
        ok(
            server.post(
                "/v1/videos",
                """
                {"prompt":"a fox","model":"t3-embedded","size":"48x32","seconds":"0.4","seed":5}
                """));
    assertThat(json.get("object").asString()).isEqualTo("video");
    assertThat(json.get("job").get("size").get("frames").asInt()).isEqualTo(5);
    assertThat(json.get("seconds").asString()).isEqualTo("0.42");
    JsonNode form =
        ok(
            form(
                "/v1/videos",
                List.of("prompt", "a fox", "size", "48x32", "seconds", "0.4", "seed", "5")));
    assertThat(form.get("job")).isEqualTo(json.get("job"));
    for (JsonNode each : List.of(json, form)) {
      ok(server.send(server.request("/v1/videos/" + each.get("id").asString()).DELETE()));
    }
  }

  @Test
  void unknownFieldsAndWrongValuesAreRefusedByName() throws Exception {
    JsonNode unknown = error(400, server.post("/v1/videos", "{\"prompt\":\"a\",\"steps\":7}"));
    assertThat(unknown.get("code").asString()).isEqualTo("unknown_field");
    assertThat(unknown.get("param").asString()).isEqualTo("steps");
    assertThat(
            error(
                    400,
                    server.post("/v1/jobs", "{\"version\":1,\"text\":{\"prompt\":\"a\"},\"x\":1}"))
                .get("message")
                .asString())
        .contains("x is unknown");
    JsonNode size = error(400, server.post("/v1/videos", "{\"prompt\":\"a\",\"size\":\"0x33\"}"));
    assertThat(size.get("param").asString()).startsWith("size.");
    assertThat(
            error(400, server.post("/v1/videos", "{\"prompt\":\"a\",\"model\":\"sora\"}"))
                .get("message")
                .asString())
        .isEqualTo("model must be t3-embedded");
    assertThat(error(400, server.post("/v1/videos", "{\"prompt\":\"  \"}")).get("param").asString())
        .isEqualTo("prompt");
    assertThat(
            error(400, form("/v1/videos", List.of("prompt", "a", "steps", "3")))
                .get("param")
                .asString())
        .isEqualTo("steps");
    error(
        400,
        server.post(
            "/v1/jobs",
            "{\"version\":1,\"text\":{\"prompt\":\"a\"},\"start\":{\"image\":\"/etc/passwd\"}}"));
    error(
        400,
        server.post(
            "/v1/jobs",
            "{\"version\":1,\"text\":{\"prompt\":\"a\"},"
                + "\"compute\":{\"loras\":[{\"file\":\"../x.safetensors\",\"scale\":1}]}}"));
    error(400, server.post("/v1/videos", "{\"prompt\":"));
    error(415, server.send(server.request("/v1/videos").POST(BodyPublishers.ofString("{}"))));
    error(404, server.send(server.request("/v1/videos/video_0")));
    error(404, server.send(server.request("/v2")));
    HttpResponse<String> wrong = server.send(server.request("/v1/plan"));
    error(405, wrong);
    assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void aPictureIsTakenWithinBoundsAlone() throws Exception {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB), "png", png);
    // The embedded model starts from noise alone: a good picture gets as far as that.
    JsonNode good = error(400, image(png.toByteArray()));
    assertThat(good.get("message").asString()).contains("image");
    assertThat(good.get("message").asString()).doesNotContain("PNG, JPEG").doesNotContain("/");
    byte[] huge = png.toByteArray();
    huge[16] = 0x7f;
    assertThat(error(400, image(huge)).get("message").asString()).contains("pixels");
    assertThat(
            error(400, image("<svg/>".getBytes(StandardCharsets.UTF_8))).get("message").asString())
        .contains("PNG, JPEG or WebP");
    assertThat(folder.resolve("data/uploads")).isEmptyDirectory();
  }

  private static HttpResponse<String> image(byte[] bytes) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        """
        --xyz\r
        Content-Disposition: form-data; name="prompt"\r
        \r
        a fox\r
        --xyz\r
        Content-Disposition: form-data; name="input_reference"; filename="../../etc/passwd"\r
        Content-Type: image/png\r
        \r
        """
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(bytes);
    body.writeBytes("\r\n--xyz--\r\n".getBytes(StandardCharsets.UTF_8));
    return server.send(
        server
            .request("/v1/videos")
            .header("Content-Type", "multipart/form-data; boundary=xyz")
            .POST(BodyPublishers.ofByteArray(body.toByteArray())));
  }

  private static HttpResponse<String> form(String path, List<String> fields) throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.size(); i += 2) {
      body.append(
          "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
              .formatted(fields.get(i), fields.get(i + 1)));
    }
    return server.send(
        server
            .request(path)
            .header("Content-Type", "multipart/form-data; boundary=b")
            .POST(BodyPublishers.ofString(body + "--b--\r\n")));
  }

  @Test
  void videosAreListedByPages() throws Exception {
    for (int seed = 10; seed < 13; seed++) {
      server.await(server.add(seed), "completed");
    }
    JsonNode all = server.get("/v1/videos?limit=100&order=asc&status=completed");
    List<String> ids = ids(all);
    assertThat(ids).hasSizeGreaterThanOrEqualTo(3).isSorted();
    assertThat(all.get("has_more").asBoolean()).isFalse();
    JsonNode first = server.get("/v1/videos?limit=2&order=asc&status=completed");
    assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
    assertThat(first.get("has_more").asBoolean()).isTrue();
    JsonNode next =
        server.get(
            "/v1/videos?limit=100&order=asc&status=completed&after="
                + first.get("last_id").asString());
    assertThat(ids(next)).isEqualTo(ids.subList(2, ids.size()));
    error(400, server.send(server.request("/v1/videos?limit=0")));
    error(400, server.send(server.request("/v1/videos?order=up")));
  }

  private static List<String> ids(JsonNode list) {
    return StreamSupport.stream(list.get("data").spliterator(), false)
        .map(video -> video.get("id").asString())
        .toList();
  }

  @Test
  void listenersOfAVideoHearThatItIsDeleted() throws Exception {
    String running =
        ok(server.post(
                "/v1/jobs",
                ServerFixture.SMALL.replace("\"steps\":2", "\"steps\":1000").formatted(1)))
            .get("id")
            .asString();
    String waiting = server.add(1);
    HttpResponse<InputStream> heard =
        HttpClient.newHttpClient()
            .send(
                server.request("/v1/videos/" + waiting + "/events").build(),
                BodyHandlers.ofInputStream());
    ok(server.send(server.request("/v1/videos/" + waiting).DELETE()));
    ok(server.send(server.request("/v1/videos/" + running).DELETE()));
    assertThat(new String(heard.body().readAllBytes(), StandardCharsets.UTF_8))
        .endsWith("event: deleted\ndata: {}\n\n");
  }

  @Test
  void eventsSayWhatHappensAndAreResumedWhereTheyWereLeft() throws Exception {
    String id = server.add(20);
    String events = server.send(server.request("/v1/videos/" + id + "/events")).body();
    assertThat(events).contains("event: video\n").contains("\"status\":\"completed\"");
    server.await(id, "completed");
    HttpResponse<String> again = server.send(server.request("/v1/videos/" + id + "/events"));
    assertThat(again.body()).contains("event: video\n");
    String last = again.body().lines().filter(line -> line.startsWith("id: ")).toList().getLast();
    HttpResponse<String> none =
        server.send(
            server
                .request("/v1/videos/" + id + "/events")
                .header("Last-Event-ID", last.substring(4)));
    assertThat(none.statusCode()).isEqualTo(204);
  }

  @Test
  void formsMayBeWrittenAsTheStandardAllows() throws Exception {
    String body =
        """
        a preamble
        --b
        X-More: yes
        content-disposition:form-data;name=prompt

        a paper boat
        --b
        Content-Disposition:  Form-Data; name="size"

        48x32
        --b--
        """
            .replace("\n", "\r\n");
    JsonNode video =
        ok(
            server.send(
                server
                    .request("/v1/videos")
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(BodyPublishers.ofString(body))));
    assertThat(video.get("prompt").asString()).isEqualTo("a paper boat");
    server.send(server.request("/v1/videos/" + video.get("id").asString()).DELETE());
  }

  @Test
  void textThatIsNoUnicodeIsRefused() throws Exception {
    String prompt = "a \\ud800 ball";
    List<String> bodies =
        List.of(
            "{\"prompt\":\"%s\"}".formatted(prompt),
            ServerFixture.SMALL.formatted(1).replace("a red ball", prompt));
    List<String> paths = List.of("/v1/videos", "/v1/jobs");
    for (int i = 0; i < paths.size(); i++) {
      JsonNode refusal = error(400, server.post(paths.get(i), bodies.get(i)));
      assertThat(refusal.get("message").asString()).contains("text.prompt", "surrogate");
    }
    assertThat(server.defects()).isEmpty();
  }

  /** Measures the machine, which takes seconds. */
  @Test
  @Tag("process")
  void aPlanSaysWhatAJobTakes() throws Exception {
    JsonNode plan = ok(server.post("/v1/plan", ServerFixture.SMALL.formatted(1)));
    assertThat(plan.get("fits").asBoolean()).isTrue();
    assertThat(plan.get("memory").asLong()).isPositive();
    assertThat(plan.get("seconds").asDouble()).isPositive();
    assertThat(plan.get("job").get("sampling").get("steps").asInt()).isEqualTo(2);
  }
}
