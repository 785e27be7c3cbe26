package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Decoding;
import org.t3jvm.job.Hires;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;

/** Plans of FreeSwim for the 1.3B model, against the formulas and figures of SPEC 20.5. */
class TwoPathWorkTest {
  private static final ModelTypes MODEL = Preset.WAN21_T2V_1_3B.model();
  private static final double PETA = 1e15;

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  private static GenerationRequest request(int height, int width, int cacheSteps)
      throws IOException {
    Hires hires =
        new Hires(Hires.Kind.FREESWIM, null, null, 0.7, 9f, Sampler.UNIPC, cacheSteps, null);
    VideoJob job =
        VideoJob.of("a fox")
            .size(height, width)
            .attention(Attention.full())
            .decoding(new Decoding(Decoding.Mode.TILED, null))
            .hires(hires)
            .build();
    return new JobResolver(null, MODEL.dit(), MODEL.vae(), false, Optional.empty(), "")
        .resolve(job, note -> {})
        .request();
  }

  private static TwoPathWork work(GenerationRequest request) {
    Dit.Job job =
        new Dit.Job(request.grid(MODEL.dit(), MODEL.vae()), TextRows.TEXT_LENGTH, true, false);
    return TwoPathWork.of(
        MODEL.dit(),
        (InwardWindows) request.attention(),
        MODEL.ditTypes(),
        job,
        request.scheduler().steps(),
        Objects.requireNonNull(Objects.requireNonNull(request.second()).hires().cacheSteps()),
        2);
  }

  /** Attention of a step in PFLOP as the SPEC has it at 1088x1920; 0 where it has no figure. */
  @ParameterizedTest
  @CsvSource({
    "1088, 1920, 0, 35, 13.0",
    "1088, 1920, 2, 18, 4.96",
    "1088, 1920, 5, 7, 3.26",
    "2176, 3840, 0, 35, 0",
    "2176, 3840, 2, 18, 0",
    "2176, 3840, 5, 7, 0"
  })
  void attentionOfAStepIsThatOfTheFormulas(
      int height, int width, int cacheSteps, int refreshes, double peta) throws IOException {
    TwoPathWork work = work(request(height, width, cacheSteps));
    double tokens = 21.0 * (height / 16.0) * (width / 16.0);
    double full = 4 * tokens * tokens * 1536 * 30;
    double window = 4 * tokens * (21 * 31 * 53) * 1536 * 30;
    assertThat(work.steps()).isEqualTo(35);
    assertThat(work.refreshes()).isEqualTo(refreshes);
    assertThat(work.full()).isEqualTo(full);
    assertThat(work.window()).isEqualTo(window);
    assertThat(work.selfAttention())
        .isEqualTo(cacheSteps == 0 ? 2 * (full + window) : 2 * window + full * refreshes / 35);
    if (peta > 0) {
      assertThat(work.selfAttention() / PETA).isCloseTo(peta, Percentage.withPercentage(0.5));
    }
    // Self-attention is what both have in common; the rest is where ours does less.
    double selfAttention = 35 * work.selfAttention();
    double rest = work.ours().total() - selfAttention;
    assertThat(rest).isPositive();
    double upstreamRest = work.upstream().needed() - selfAttention;
    assertThat(rest / upstreamRest).isLessThan(cacheSteps == 0 ? 0.99 : 0.7);
    if (cacheSteps == 2) {
      assertThat(work.ours().total() / work.upstream().total()).isLessThan(0.8);
    }
  }

  /** The blocks of FlexAttention against a look at every pair of a query and a key. */
  @ParameterizedTest
  @CsvSource({"3, 12, 20, 2, 3", "2, 5, 130, 9, 30", "1, 40, 9, 4, 1"})
  void blocksAreThoseWithAScoreThatIsNeeded(int t, int h, int w, int reachH, int reachW) {
    AttentionPattern.Inward inward =
        new AttentionPattern.Inward(new TokenGrid(t, h, w), reachH, reachW, 0);
    int tokens = t * h * w;
    Set<Integer> blocks = new HashSet<>();
    for (int query = 0; query < tokens; query++) {
      for (int key = 0; key < tokens; key++) {
        if (sees(query / w % h, key / w % h, h, reachH) && sees(query % w, key % w, w, reachW)) {
          blocks.add(query / 128 * 1000 + key / 128);
        }
      }
    }
    assertThat(FlexBlocks.scores(inward)).isEqualTo(128.0 * 128 * blocks.size());
  }

  /** The bounds of SPEC 20.2 as its authors wrote them. */
  private static boolean sees(int query, int key, int extent, int reach) {
    return key >= query - reach - Math.max(0, query + reach - extent + 1)
        && key <= query + reach + Math.max(0, reach - query);
  }

  /** Figures of SPEC 20.5. */
  @Test
  void upstreamComputesWholeBlocks() throws IOException {
    TwoPathWork work = work(request(1088, 1920, 2));
    assertThat(work.upstream().window() / work.full())
        .isCloseTo(0.481, Percentage.withPercentage(0.1));
    assertThat(work.ours().total() / work.upstream().total())
        .isCloseTo(0.62, Percentage.withPercentage(1));
    assertThat(work.ours().total() / work.upstream().needed())
        .isCloseTo(0.90, Percentage.withPercentage(1));
  }

  @Test
  void whatIsKeptFillsTheBudgetAndThenTheDisk() throws IOException {
    GenerationRequest request = request(1088, 1920, 2);
    JobFit free = JobFit.of(MODEL, request, backend, MemoryBudget.UNLIMITED);
    KeptFit inMemory = free.dit().kept().orElseThrow();
    long block = 171_360L * 1536 * Float.BYTES;
    assertThat(inMemory).isEqualTo(new KeptFit(30, 30, block));
    long others = free.dit().bytes() - 30 * block;
    MemoryBudget budget = new MemoryBudget(others + 12 * block + block / 2, true);
    JobFit tight = JobFit.of(MODEL, request, backend, budget);
    assertThat(tight.dit().kept()).contains(new KeptFit(30, 12, block));
    assertThat(tight.dit().bytes()).isLessThanOrEqualTo(budget.bytes());
    JobCost cost = JobCost.of(MODEL, request, tight);
    assertThat(cost.disk().temporary()).isGreaterThanOrEqualTo(18 * block);
    assertThat(cost.twoPaths()).contains(work(request));
  }
}
