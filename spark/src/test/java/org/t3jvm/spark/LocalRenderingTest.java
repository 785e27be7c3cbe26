package org.t3jvm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.spark.job.Rendering;

/** {@code local[2]}: driver, tasks and the embedded model in this JVM. */
@Tag("process")
class LocalRenderingTest {
  private static final VideoJob SMALLEST =
      VideoJob.of("").size(16, 32).frames(1).steps(2).cfg(1).build();

  private static SparkSession spark;

  @TempDir Path dir;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private Path out() {
    return dir.resolve("out");
  }

  private static List<Row> rows(Dataset<Row> manifest) {
    return manifest.collectAsList();
  }

  private Path alone(T3 t3, VideoJob job, String name) throws IOException {
    Path video = Files.createDirectories(dir.resolve("alone")).resolve(name);
    t3.generate(job, Output.of(video), event -> {}, new CancelToken());
    return video;
  }

  @Test
  void rowsOfATableBecomeTheVideosOfOneMachine() throws IOException {
    StructType columns =
        new StructType()
            .add("prompt", DataTypes.StringType)
            .add("seed", DataTypes.LongType)
            .add("size", DataTypes.StringType)
            .add("negative", DataTypes.StringType)
            .add("frames", DataTypes.IntegerType);
    Dataset<Row> prompts =
        spark.createDataFrame(
            List.of(
                RowFactory.create("a red ball", 7L, null, null, null),
                RowFactory.create("a fox", null, "48x32", "blurry", 5),
                RowFactory.create(null, 3L, null, null, null),
                RowFactory.create("an owl", null, "33x31", null, null)),
            columns);
    List<String> lines = new ArrayList<>();
    Rendering rendering =
        RenderVideos.of(prompts, SMALLEST).to(out().toString()).report(lines::add);
    List<Row> made = rows(rendering.render());

    assertThat(made)
        .extracting(row -> row.getAs("status"))
        .hasToString("[MADE, MADE, FAILED, FAILED]");
    assertThat(made.get(2).<String>getAs("error"))
        .isEqualTo("row 2 has no text under \"prompt_en\", \"prompt\" or \"text\"");
    assertThat(made.get(3).<String>getAs("error")).contains("33x31");
    assertThat(made.getFirst().<Integer>getAs("opened")).isEqualTo(made.get(1).getAs("opened"));
    assertThat(lines).hasSize(4).first().asString().startsWith("[1 of 4] prompt 2 failed: row 2");
    try (T3 t3 = T3.embedded()) {
      assertThat(out().resolve("16_32_1_0.mp4"))
          .hasSameBinaryContentAs(
              alone(t3, SMALLEST.with().prompt("a red ball").seed(7).build(), "0.mp4"));
      assertThat(out().resolve("32_48_5_1.mp4"))
          .hasSameBinaryContentAs(
              alone(
                  t3,
                  SMALLEST
                      .with()
                      .prompt("a fox")
                      .size(32, 48)
                      .negative("blurry")
                      .frames(5)
                      .seed(0)
                      .build(),
                  "1.mp4"));
    }
    assertThat(spark.read().parquet(out().resolve("manifest.parquet").toString()).count())
        .isEqualTo(4);
    assertThat(Files.readAllLines(out().resolve("manifest.jsonl"))).hasSize(4);
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "16_32_1_0.mp4", "32_48_5_1.mp4", "manifest.jsonl", "manifest.parquet");
    }

    List<Row> again = rows(RenderVideos.of(prompts, SMALLEST).to(out().toString()).render());
    assertThat(again.subList(0, 2))
        .as("rows of the run that made them")
        .isEqualTo(made.subList(0, 2));

    VideoJob other = SMALLEST.with().steps(1).build();
    Row refused = rows(RenderVideos.of(prompts, other).to(out().toString()).render()).getFirst();
    assertThat(refused.<String>getAs("error"))
        .contains("16_32_1_0.mp4' is there already, of another job or model");
  }

  @Test
  void videosOfAnotherFileSystemAreRenamedThere() throws IOException {
    Path prompts =
        Files.writeString(dir.resolve("p.jsonl"), "{\"prompt\": \"a cat\"}\n{\n\"an owl\"\n");
    Dataset<Row> table =
        spark
            .read()
            .json(
                Files.writeString(dir.resolve("t.jsonl"), "{\"prompt\": \"a cat\"}\n").toString());
    table.write().parquet(dir.resolve("t.parquet").toString());
    Path cache = dir.resolve("cache");
    List<Row> made =
        rows(
            Rendering.of(spark, "mirror:" + prompts, SMALLEST)
                .to("mirror:" + out())
                .cache(cache.toString())
                .render());
    assertThat(made).extracting(row -> row.getAs("status")).hasToString("[MADE, FAILED, MADE]");
    assertThat(made.get(1).<String>getAs("error")).contains("p.jsonl': line 2 is not JSON");
    assertThat(made.getFirst().<String>getAs("output"))
        .isEqualTo("mirror:" + out() + "/16_32_1_0.mp4");
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "16_32_1_0.mp4", "16_32_1_2.mp4", "manifest.jsonl", "manifest.parquet");
    }
    Row again =
        rows(Rendering.of(spark, "mirror:" + dir.resolve("t.parquet"), SMALLEST)
                .to("mirror:" + out())
                .cache(cache.toString())
                .render())
            .getFirst();
    assertThat(again.<Double>getAs("seconds")).isEqualTo(made.getFirst().getAs("seconds"));
  }

  @Test
  void aTaskResumesWhatItsPredecessorLeft() throws IOException {
    VideoJob job = SMALLEST.with().prompt("a fox").steps(4).build();
    Path whole;
    try (T3 t3 = T3.embedded()) {
      whole = alone(t3, job, "whole.mp4");
      leaveAtTheLastStep(t3, job);
    }
    Row made = renderFox(job);
    assertThat(made.<Integer>getAs("resumed")).isEqualTo(3);
    assertThat(out().resolve("16_32_1_0.mp4")).hasSameBinaryContentAs(whole);
  }

  @Test
  void aTaskRemovesTheStateBesideAVideoThatIsWhole() throws IOException {
    VideoJob job = SMALLEST.with().prompt("a fox").steps(4).build();
    try (T3 t3 = T3.embedded()) {
      leaveAtTheLastStep(t3, job);
      Files.copy(alone(t3, job, "whole.mp4"), out().resolve("16_32_1_0.mp4"));
    }
    assertThat(renderFox(job).<String>getAs("status")).isEqualTo("SKIPPED");
    try (Stream<Path> files = Files.list(out())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("16_32_1_0.mp4", "manifest.jsonl", "manifest.parquet");
    }
  }

  private void leaveAtTheLastStep(T3 t3, VideoJob job) throws IOException {
    Path video = Files.createDirectories(out()).resolve("16_32_1_0.mp4");
    CancelToken cancel = new CancelToken();
    assertThatThrownBy(
            () ->
                t3.generate(
                    job,
                    Output.of(video),
                    event -> {
                      if (event instanceof RunEvent.StepStarted(Stage stage, int step)
                          && stage == Stage.DENOISE
                          && step == 3) {
                        cancel.cancel();
                      }
                    },
                    cancel))
        .isInstanceOf(KeptRunException.class);
  }

  private Row renderFox(VideoJob job) throws IOException {
    Path prompts = Files.writeString(dir.resolve("p.txt"), "a fox");
    return rows(Rendering.of(spark, prompts.toString(), job).to(out().toString()).render())
        .getFirst();
  }
}
