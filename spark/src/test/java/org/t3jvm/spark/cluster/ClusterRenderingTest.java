package org.t3jvm.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar on a real cluster, by the lines of the guide. */
@Tag("process")
class ClusterRenderingTest {
  private static final int PROMPTS = 24;
  private static final int FIRST_KILL = 3;
  private static final int SECOND_KILL = 9;

  @TempDir private static Path folder;

  private static SparkHome home;
  private static StandaloneCluster cluster;

  @TempDir Path dir;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    home = SparkHome.make(folder);
    Path smi = Files.createDirectories(folder.resolve("bin")).resolve("nvidia-smi");
    Files.writeString(smi, "#!/bin/sh\necho 5\n");
    assertThat(smi.toFile().setExecutable(true)).isTrue();
    List<String> gpus =
        List.of(
            "-Dspark.worker.resource.gpu.amount=1",
            "-Dspark.worker.resource.gpu.discoveryScript=" + Path.of("gpus.sh").toAbsolutePath());
    cluster = StandaloneCluster.start(home, List.of(gpus, gpus));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String jar() {
    return System.getProperty("t3.spark.jar");
  }

  private Map<String, String> places() {
    return Map.of(
        "spark://head:7077", cluster.url(),
        "t3jvm-spark-all.jar", jar(),
        "/shared/", dir + "/");
  }

  private static VideoJob job(int index) {
    return VideoJob.of("prompt number " + index)
        .seed(index % 5)
        .size(48, 64)
        .frames(5)
        .steps(6)
        .attention(Attention.full())
        .build();
  }

  private static List<Path> videos(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out)) {
      return files
          .filter(file -> file.toString().endsWith(".mp4") && Files.isRegularFile(file))
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
          .toList();
    }
  }

  private void await(int videos, Process driver, Path log)
      throws IOException, InterruptedException {
    while (videos(dir.resolve("videos")).size() < videos) {
      assertThat(driver.isAlive()).as("driver: %s", log).isTrue();
      Thread.sleep(20);
    }
  }

  private static List<JsonNode> manifest(Path out) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("manifest.jsonl"))) {
      rows.add(JsonMapper.shared().readTree(line));
    }
    return rows;
  }

  @Test
  void aKilledExecutorAndAStoppedWorkerLoseNothing() throws Exception {
    Files.write(
        dir.resolve("prompts.jsonl"),
        IntStream.range(0, PROMPTS)
            .mapToObj(i -> "{\"prompt\": \"prompt number %d\", \"seed\": %d}".formatted(i, i % 5))
            .toList());
    Path out = dir.resolve("videos");
    Path log = dir.resolve("driver.log");
    Process driver = home.submit(log, GuideCommands.with("spark://head", places()));
    try {
      await(FIRST_KILL, driver, log);
      cluster.executors(0).forEach(ProcessHandle::destroyForcibly);
      await(SECOND_KILL, driver, log);
      cluster.stopWorker(1);
      assertThat(driver.waitFor()).as("driver: %s", Files.readString(log)).isZero();
    } finally {
      driver.destroyForcibly();
    }

    assertThat(Files.readString(log)).contains("[24 of 24]").contains("24 videos, 0 failed");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      IntStream.range(0, PROMPTS).mapToObj("48_64_5_%d.mp4"::formatted),
                      Stream.of("manifest.jsonl", "manifest.parquet"))
                  .toList());
    }
    try (T3 t3 = T3.embedded()) {
      for (int index = 0; index < PROMPTS; index++) {
        Path alone = dir.resolve("alone.mp4");
        t3.generate(job(index), Output.of(alone), event -> {}, new CancelToken());
        assertThat(out.resolve("48_64_5_%d.mp4".formatted(index))).hasSameBinaryContentAs(alone);
        Files.delete(alone);
      }
    }
    List<JsonNode> rows = manifest(out);
    assertThat(rows).hasSize(PROMPTS);
    Set<String> executors = new HashSet<>();
    for (int index = 0; index < PROMPTS; index++) {
      JsonNode row = rows.get(index);
      assertThat(row.get("index").intValue()).isEqualTo(index);
      assertThat(row.get("prompt").stringValue()).isEqualTo("prompt number " + index);
      assertThat(row.has("error")).isFalse();
      assertThat(row.get("job").get("sampling").get("seed").intValue()).isEqualTo(index % 5);
      assertThat(row.get("opened").intValue()).as("models opened, %s", row).isEqualTo(1);
      executors.add(row.get("executor").stringValue());
    }
    // Spark may start more of them, after a worker is lost.
    assertThat(executors)
        .as("two, and one in place of that which was killed")
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(rows).anyMatch(row -> row.get("attempt").intValue() > 1);
  }

  @Test
  void theGuidesLocalLineRendersATable() throws Exception {
    Files.writeString(
        dir.resolve("prompts.csv"), "prompt,seed,size\na red ball,3,\n,1,\nan owl,,48x32\n");
    Path log = dir.resolve("driver.log");
    Process driver = home.submit(log, GuideCommands.with("local[2]", places()));
    assertThat(driver.waitFor()).as("driver: %s", Files.readString(log)).isEqualTo(1);
    assertThat(Files.readString(log))
        .contains("prompts.csv': line 3 has no text")
        .doesNotContain("Exception in");
    assertThat(videos(dir.resolve("local"))).hasSize(2);
  }

  @Test
  void theAssignedGpuIsTheDevice() throws Exception {
    Files.writeString(dir.resolve("prompts.txt"), "a red ball\n");
    Path log = dir.resolve("driver.log");
    List<String> arguments =
        List.of(
            "--master",
            cluster.url(),
            "--class",
            "org.t3jvm.spark.RenderVideos",
            "--conf",
            "spark.cores.max=1",
            "--conf",
            "spark.executor.memory=512m",
            "--conf",
            "spark.executor.resource.gpu.amount=1",
            "--conf",
            "spark.task.resource.gpu.amount=1",
            jar(),
            "--prompts",
            dir.resolve("prompts.txt").toString(),
            "--out",
            dir.resolve("videos").toString(),
            "--height",
            "16",
            "--width",
            "32",
            "--frames",
            "1",
            "--steps",
            "1");
    Process driver = home.submit(log, arguments);
    assertThat(driver.waitFor()).as("driver: %s", Files.readString(log)).isZero();
    assertThat(manifest(dir.resolve("videos")).getFirst().get("device").intValue()).isEqualTo(5);
  }
}
