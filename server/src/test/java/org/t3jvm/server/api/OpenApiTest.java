package org.t3jvm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.ServerFixture;
import org.t3jvm.server.queue.Progress;
import tools.jackson.databind.JsonNode;

/** {@code /openapi.json} says what the server does. */
class OpenApiTest {
  @TempDir private static Path data;
  private static ServerFixture server;
  private static JsonNode document;

  @BeforeAll
  static void start() throws Exception {
    server = ServerFixture.start(data);
    document = server.get("/openapi.json");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Set<String> names(JsonNode object) {
    return new TreeSet<>(object.propertyNames());
  }

  private static Set<String> schema(String name) {
    return names(document.at("/components/schemas/%s/properties".formatted(name)));
  }

  private static Set<String> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(OpenApiTest::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(RecordComponent component) {
    JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property == null ? component.getName() : property.value();
  }

  @Test
  void everyPathAndMethodIsThereAndNoOther() {
    Set<String> served = new TreeSet<>();
    server
        .server()
        .routes()
        .forEach((path, methods) -> methods.forEach(method -> served.add(method + " " + path)));
    PageApi.FILES.keySet().forEach(file -> served.remove("GET /" + file));
    served.remove("GET /");
    Set<String> written = new TreeSet<>();
    JsonNode paths = document.get("paths");
    for (String path : paths.propertyNames()) {
      for (String method : paths.get(path).propertyNames()) {
        if (!method.equals("parameters")) {
          written.add(method.toUpperCase(Locale.ROOT) + " " + path);
        }
      }
    }
    assertThat(written).isEqualTo(served);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).hasSizeGreaterThan(20);
    for (JsonNode reference : references) {
      assertThat(document.at(reference.asString().substring(1)).isMissingNode())
          .as(reference.asString())
          .isFalse();
    }
  }

  @Test
  void whatIsTakenHasTheFieldsThatAreRead() {
    assertThat(schema("VideoRequest")).isEqualTo(components(VideoRequest.class));
    assertThat(schema("VideoJob")).isEqualTo(components(VideoJob.class));
    assertThat(schema("Move")).isEqualTo(components(VideosApi.Move.class));
    assertThat(schema("Login")).isEqualTo(components(LoginApi.Login.class));
    assertThat(schema("Progress")).isEqualTo(components(Progress.class));
  }

  @Test
  void whatIsGivenHasTheFieldsThatAreSent() throws Exception {
    String id = server.add(1);
    assertThat(schema("Video")).isEqualTo(names(server.get("/v1/videos/" + id)));
    assertThat(schema("VideoList")).isEqualTo(names(server.get("/v1/videos")));
    assertThat(schema("Queue")).isEqualTo(names(server.get("/v1/queue")));
    assertThat(schema("ModelList")).isEqualTo(names(server.get("/v1/models")));
    assertThat(schema("Model")).isEqualTo(names(server.get("/v1/models/t3-embedded")));
    JsonNode error = ServerFixture.error(404, server.send(server.request("/v1/videos/none")));
    assertThat(names(document.at("/components/schemas/Error/properties/error/properties")))
        .isEqualTo(names(error));
    JsonNode deleted = ServerFixture.ok(server.send(server.request("/v1/videos/" + id).DELETE()));
    assertThat(schema("Deleted")).isEqualTo(names(deleted));
  }

  /** Measures the machine, which takes seconds. */
  @Test
  @Tag("process")
  void aPlanHasTheFieldsThatAreWritten() throws Exception {
    JsonNode plan = ServerFixture.ok(server.post("/v1/plan", ServerFixture.SMALL.formatted(1)));
    assertThat(schema("Plan")).isEqualTo(names(plan));
  }
}
