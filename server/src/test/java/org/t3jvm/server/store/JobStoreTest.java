package org.t3jvm.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.VideoJob;

/** Folders that no server of this version has written. */
class JobStoreTest {
  private static final String ID = "video_" + "0".repeat(31) + "1";
  private static final String OTHER = "video_" + "0".repeat(31) + "2";

  @TempDir private Path folder;
  private JobStore store;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    store = JobStore.open(folder);
    store.create(StoredJob.begun(ID, "a model", VideoJob.of("a").build()), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private String record() throws IOException {
    return Files.readString(store.folder(ID).resolve("job.json"));
  }

  private void put(String json) throws IOException {
    Files.createDirectories(store.folder(OTHER));
    Files.writeString(store.folder(OTHER).resolve("job.json"), json);
  }

  private void skipped(String json, String why) throws IOException {
    put(json);
    notes.clear();
    assertThat(store.load(notes::add)).extracting(StoredJob::id).containsExactly(ID);
    assertThat(notes)
        .containsExactly("job %s cannot be read and is skipped: %s".formatted(OTHER, why));
  }

  @Test
  void aFolderThatWasCopiedIsNotTheJobOnceMore() throws Exception {
    skipped(record(), "job.json is that of " + ID);
  }

  @Test
  void recordsThatLackSomethingAreSkippedByName() throws Exception {
    String whole = record().replace(ID, OTHER);
    skipped(whole.replace("\"status\":\"queued\"", "\"status\":null"), "status is missing");
    skipped(
        whole.replace("\"times\":", "\"error\":\"x\",\"time\":"),
        "time is unknown, no job has such a field");
    skipped("{\"id\":\"%s\",\"status\":\"queued\"}".formatted(OTHER), "job is missing");
    skipped("null", "the JSON is null, must be an object");
    put(whole.replace("\"model\":\"a model\",", ""));
    assertThat(store.load(notes::add))
        .extracting(StoredJob::model)
        .containsExactly("a model", null);
  }

  @Test
  void anOrderThatCannotBeReadIsNoted() throws Exception {
    Files.writeString(folder.resolve("order.json"), "{\"a\":");
    assertThat(store.order(notes::add)).isEmpty();
    assertThat(notes).singleElement().asString().startsWith("order.json cannot be read");
  }
}
