package org.t3jvm.model.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProfilingTest {
  private static final long ROWS = 40;
  private static final long WIDTH = 8;

  @TempDir private Path dir;

  /** Two regions of a norm, a linear map and an activation each. */
  private static Graph graph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(ROWS, WIDTH));
    Value weight = g.parameter("w", DType.BF16, Shape.of(WIDTH, WIDTH));
    for (int i = 0; i < 2; i++) {
      Value before = x;
      x =
          g.region(
              "block " + i,
              "block",
              () -> g.silu(g.linear(g.rmsNorm(before, null, 1e-6f), weight, null)));
    }
    g.output("y", x);
    return g.graph();
  }

  private static void run(Profiling profiling, String backendName) {
    RunProgress progress = RunProgress.to(profiling.watch(event -> {}));
    Tensor weight = Tensor.allocate(DType.BF16, Shape.of(WIDTH, WIDTH));
    Tensor x = Tensor.allocate(DType.F32, Shape.of(ROWS, WIDTH));
    List<String> regions = new ArrayList<>();
    try (Backend backend =
            profiling.watch(Backends.named(backendName).open(new BackendOptions(1)));
        Program program = backend.compile(graph(), Parameters.of(Map.of("w", weight)))) {
      progress.begin(Stage.DENOISE, 1, 2);
      progress.step(0);
      Map<String, Tensor> y = Map.of("y", Tensor.allocate(DType.F32, Shape.of(ROWS, WIDTH)));
      program.run(Map.of("x", x), y, (Region region) -> regions.add(region.name()));
      progress.end();
    }
    assertThat(regions)
        .as("the caller's listener still hears")
        .containsExactly("block 0", "block 1");
  }

  private JsonNode trace(String backend) throws IOException {
    Path file = dir.resolve("trace.json");
    List<String> log = new ArrayList<>();
    try (Profiling profiling = Profiling.start(file, log::add)) {
      run(profiling, backend);
    }
    assertThat(log).isNotEmpty().allMatch(line -> line.contains("ms"));
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private static List<JsonNode> events(JsonNode trace, String category) {
    return trace
        .get("traceEvents")
        .valueStream()
        .filter(event -> event.path("cat").asString("").equals(category))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void opsLieWithinRegionsAndTheseWithinStages(String backend) throws IOException {
    JsonNode trace = trace(backend);
    List<JsonNode> stages = events(trace, "stage");
    List<JsonNode> regions = events(trace, "region");
    List<JsonNode> ops = events(trace, "op");
    assertThat(stages)
        .extracting(e -> e.get("name").asString())
        .startsWith("start-up")
        .contains("denoise step 1");
    assertThat(stages.getFirst().get("ts").asDouble()).isZero();
    assertThat(regions)
        .extracting(e -> e.get("name").asString())
        .containsExactly("block 0", "block 1");
    assertThat(ops).hasSize(backend.equals("cpu") ? 4 : 6);
    assertThat(ops).allMatch(op -> regions.stream().anyMatch(region -> contains(region, op)));
    assertThat(regions)
        .allMatch(region -> stages.stream().anyMatch(stage -> contains(stage, region)));
  }

  private static boolean contains(JsonNode outer, JsonNode inner) {
    double start = outer.get("ts").asDouble();
    double end = start + outer.get("dur").asDouble();
    double innerStart = inner.get("ts").asDouble();
    return start <= innerStart && innerStart + inner.get("dur").asDouble() <= end + 1e-3;
  }

  @Test
  void opsTellTheirBytesAndWork() throws IOException {
    JsonNode trace = trace("cpu");
    JsonNode linear =
        events(trace, "op").stream()
            .filter(op -> op.get("name").asString().contains("linear"))
            .findFirst()
            .orElseThrow();
    assertThat(linear.get("name").asString()).isEqualTo("linear+silu");
    JsonNode args = linear.get("args");
    assertThat(args.get("bytes").asLong()).isEqualTo(2 * ROWS * WIDTH * 4 + WIDTH * WIDTH * 2);
    assertThat(args.get("flop").asDouble()).isEqualTo(2.0 * ROWS * WIDTH * WIDTH);
    assertThat(args.get("result").asString()).contains("[40, 8]", "block 0");
  }

  @Test
  void theSummaryAddsUp() throws IOException {
    JsonNode trace = trace("cpu");
    double all = events(trace, "op").stream().mapToDouble(op -> op.get("dur").asDouble()).sum();
    List<JsonNode> summary = trace.get("otherData").get("summary").valueStream().toList();
    assertThat(summary.stream().mapToLong(t -> t.get("count").asLong()).sum()).isEqualTo(4);
    assertThat(summary.stream().mapToDouble(t -> t.get("milliseconds").asDouble() * 1e3).sum())
        .isCloseTo(all, within(1e-3 * all));
    assertThat(summary.stream().mapToDouble(t -> t.get("share").asDouble()).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void aRunThatFailsLeavesWhatWasGathered() throws IOException {
    Path file = dir.resolve("trace.json");
    assertThatThrownBy(
            () -> {
              try (Profiling profiling = Profiling.start(file, line -> {})) {
                run(profiling, "cpu");
                throw new IllegalStateException("later");
              }
            })
        .hasMessage("later");
    assertThat(events(JsonMapper.shared().readTree(Files.readString(file)), "op")).hasSize(4);
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Path path = dir.resolve("full.json");
    try (ProfileFile file =
        new ProfileFile(
            AtomicFile.create(
                path,
                channel ->
                    new WritableByteChannel() {
                      @Override
                      public int write(ByteBuffer bytes) throws IOException {
                        throw new IOException("No space left on device");
                      }

                      @Override
                      public boolean isOpen() {
                        return true;
                      }

                      @Override
                      public void close() {}
                    }))) {
      assertThatThrownBy(() -> file.write(new Profile()))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(path + ": writing failed: No space left on device");
    }
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aFileThatCannotBeWrittenIsKnownBeforeTheRun() {
    Path file = dir.resolve("nowhere/trace.json");
    assertThatThrownBy(() -> Profiling.start(file, line -> {}))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void flightRecorderHearsTheSame() throws IOException {
    Path file = dir.resolve("run.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.t3jvm.Op").withoutThreshold();
      recording.enable("org.t3jvm.Region").withoutThreshold();
      recording.enable("org.t3jvm.Stage").withoutThreshold();
      recording.start();
      try (Profiling profiling = Profiling.start(null, line -> {})) {
        run(profiling, "cpu");
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("org.t3jvm.Op")))
        .hasSize(4)
        .anyMatch(e -> e.getString("op").equals("linear+silu") && e.getLong("bytes") > 0);
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("org.t3jvm.Region")))
        .extracting(e -> e.getString("region"))
        .containsExactly("block 0", "block 1");
    assertThat(events.stream().filter(e -> e.getEventType().getName().equals("org.t3jvm.Stage")))
        .extracting(e -> e.getString("stage"))
        .contains("denoise step 1");
  }

  @Test
  void withoutFileAndRecordingNothingIsWrapped() throws IOException {
    try (Profiling profiling = Profiling.start(null, line -> {});
        Backend backend = Backends.named("cpu").open(new BackendOptions(1))) {
      assertThat(profiling.watch(backend)).isSameAs(backend);
      Consumer<RunEvent> events = event -> {};
      assertThat(profiling.watch(events)).isSameAs(events);
    }
  }
}
