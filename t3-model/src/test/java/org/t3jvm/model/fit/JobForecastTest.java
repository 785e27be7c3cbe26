package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.job.Attention;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;

/** Plans of the released models: what they say, and how much is planned for it. */
class JobForecastTest {
  /** Graphs that a plan may look at: with 40 heads there are 8 head groups to choose from. */
  private static final int MOST_GRAPHS = 120;

  private static final Rates RATES = Rates.ofPeak(1e11);

  @TempDir Path dir;

  /** Counts the graphs that are planned. */
  private record Counting(Backend backend, AtomicInteger graphs) implements Backend {
    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      return backend.compile(graph, parameters);
    }

    @Override
    public Optional<MemoryPlan> plan(Graph graph) {
      graphs.incrementAndGet();
      return backend.plan(graph);
    }

    @Override
    public void close() {
      backend.close();
    }
  }

  private static GenerationRequest request(ModelTypes model, VideoJob job) throws IOException {
    return new JobResolver(null, model.dit(), model.vae(), false, Optional.empty(), "")
        .resolve(job, note -> {})
        .request();
  }

  private static Counting cpu() {
    return new Counting(Backends.named("cpu").open(BackendOptions.defaults()), new AtomicInteger());
  }

  /** At 4K in a budget that holds none of them, each figure of memory is that of the refusal. */
  @ParameterizedTest
  @EnumSource
  void whatDoesNotFitIsPlannedWithTheLeastItTakes(Preset preset) throws IOException {
    ModelTypes model = preset.model();
    VideoJob job = VideoJob.of("x").attention(new Attention(Attention.Kind.T3, null)).build();
    MemoryBudget budget = new MemoryBudget(2_000_000_000, true);
    try (Counting backend = cpu()) {
      JobForecast forecast = JobForecast.of(model, request(model, job), backend, budget, RATES);
      String shortage = forecast.shortage().orElseThrow();
      Matcher least = Pattern.compile("takes at least ([0-9.]+ GB)").matcher(shortage);
      assertThat(least.find()).as(shortage).isTrue();
      assertThat(forecast.text())
          .containsPattern("(denoising|decoding) " + Pattern.quote(least.group(1)))
          .contains("memory       " + Sizes.bytes(forecast.memory()) + " at its peak");
      assertThat(forecast.memory() - MemoryBudget.JVM)
          .as("the peak is the refused stage's need")
          .isEqualTo(forecast.cost().fit().largest().bytes());
      assertThat(Sizes.bytes(forecast.cost().fit().largest().bytes())).isEqualTo(least.group(1));
      assertThat(backend.graphs).hasValueLessThan(MOST_GRAPHS);
      assertThat(
              JobForecast.of(
                      model,
                      request(model, job),
                      backend,
                      new MemoryBudget(forecast.cost().fit().peak(), true),
                      RATES)
                  .shortage())
          .as("as much as it takes is enough")
          .isEmpty();
    }
  }

  @Test
  void presetsHaveTheSizesThatTheirModelsAreRunAt() throws IOException {
    for (Preset preset : Preset.values()) {
      GenerationRequest request = request(preset.model(), VideoJob.of("x").build());
      boolean large = preset == Preset.WAN22_TI2V_5B;
      assertThat(List.of(request.height(), request.width()))
          .as(preset.toString())
          .isEqualTo(large ? List.of(704, 1280) : List.of(480, 832));
    }
  }

  @Test
  void longTimesAreInDaysAndSmallWorkInSmallUnits() throws IOException {
    ModelTypes model = Preset.WAN21_T2V_1_3B.model();
    VideoJob small = VideoJob.of("x").size(64, 64).frames(1).steps(1).build();
    try (Counting backend = cpu()) {
      String slow =
          JobForecast.of(
                  model,
                  request(model, small),
                  backend,
                  MemoryBudget.UNLIMITED,
                  measured(1e6, Instant.parse("2026-05-04T12:00:00Z"), true))
              .text();
      assertThat(slow)
          .containsPattern("time +\\d+ d \\d\\d h: text")
          .containsPattern("one forward +\\d{1,3}(\\.\\d+)? GFLOP\n")
          .contains("measured on 2026-05-04", "estimated: these operations at these rates")
          .doesNotContain("0.00");
      String fast =
          JobForecast.of(
                  model, request(model, small), backend, MemoryBudget.UNLIMITED, Rates.ofPeak(1e15))
              .text();
      assertThat(fast)
          .contains("less than 0.01 s", "as shares of its multiply-adds at 1000000 GFLOP/s")
          .doesNotContain(" 0 s");
    }
  }

  @Test
  void durationsAreReadable() {
    assertThat(
            Stream.of(7L, 125L, 12_000L, 172_799L, 172_800L, 3_124_800L)
                .map(seconds -> Sizes.duration(Duration.ofSeconds(seconds))))
        .containsExactly("7 s", "2 min 05 s", "3 h 20 min", "47 h 59 min", "2 d 00 h", "36 d 04 h");
  }

  @Test
  void ratesAreKeptForAMonth() throws IOException {
    KeptRates kept = new KeptRates(dir.resolve("rates"));
    try (Counting backend = cpu()) {
      assertThat(kept.of(backend, "2", () -> rates(3, false)).attention()).isEqualTo(3);
      assertThat(kept.of(backend, "2", () -> rates(4, true)).attention())
          .as("rates that did not settle are measured again")
          .isEqualTo(4);
      assertThat(kept.of(backend, "2", () -> rates(5, true)).attention()).isEqualTo(4);
      assertThat(kept.of(backend, "3", () -> rates(6, true)).attention()).isEqualTo(6);
      Path file = file("cpu-f32-2-");
      Instant then = Instant.now().minus(Duration.ofDays(29));
      Files.setLastModifiedTime(file, FileTime.from(then));
      Rates read = kept.of(backend, "2", () -> rates(7, true));
      assertThat(read.attention()).isEqualTo(4);
      assertThat(read.source())
          .isEqualTo(new Rates.Measured(Files.getLastModifiedTime(file).toInstant(), true));
      Files.setLastModifiedTime(file, FileTime.from(then.minus(Duration.ofDays(2))));
      assertThat(kept.of(backend, "2", () -> rates(8, true)).attention())
          .as("after a month")
          .isEqualTo(8);
      for (String damaged : List.of("", "1.5E10 x 3", "1 2 NaN", "0 0 0")) {
        Files.writeString(file, damaged);
        assertThat(kept.of(backend, "2", () -> rates(9, true)).attention())
            .as("'%s' is measured again", damaged)
            .isEqualTo(9);
      }
    }
  }

  @Test
  @Tag("slow")
  void measuredRatesArePossible() {
    try (Counting backend = cpu()) {
      assertThat(Rates.measure(backend).possible()).isTrue();
    }
  }

  @Test
  void ratesOfThePeakAreNotKept() {
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      Rates rates = new KeptRates(dir.resolve("none")).of(backend, "2");
      assertThat(rates.source())
          .isInstanceOfSatisfying(
              Rates.Peak.class, peak -> assertThat(rates.products()).isLessThan(peak.rate()));
      assertThat(rates.possible()).isTrue();
      assertThat(dir).isEmptyDirectory();
    }
  }

  private static Rates rates(double value, boolean steady) {
    return measured(value, Instant.now(), steady);
  }

  private static Rates measured(double value, Instant at, boolean steady) {
    return new Rates(value, value, value, new Rates.Measured(at, steady));
  }

  private Path file(String start) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("rates"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(start))
          .findFirst()
          .orElseThrow();
    }
  }
}
