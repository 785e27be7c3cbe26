package org.t3jvm.bench.cases;

import java.util.List;
import java.util.Set;

/** Every case there is. Tracing them takes a moment and no memory to speak of. */
public final class CaseRegistry {
  private CaseRegistry() {}

  /** The cases of a suite, in the order they run. */
  public static List<? extends BenchCase> of(Suite suite) {
    return switch (suite) {
      case GEMM -> GemmCases.all();
      case ATTENTION -> AttentionCases.all();
      case CONV3D -> ConvCases.all();
      case ELEMENTWISE -> ElementwiseCases.all();
      case LAUNCH -> LaunchCases.all();
      case DIT_BLOCK -> ModelCases.ditBlocks();
      case VAE -> List.of(ModelCases.vaeChunk());
      case TEXT_ENCODER -> List.of(ModelCases.textLayer());
      case TOKENIZER -> List.of(TokenizerCase.of());
      case CHECKPOINT -> CheckpointCases.all();
      case TRAIN -> TrainCases.all();
    };
  }

  /**
   * The cases of some suites.
   *
   * @param quick leaves the large ones out
   */
  public static List<BenchCase> of(Set<Suite> suites, boolean quick) {
    return suites.stream()
        .sorted()
        .flatMap(suite -> of(suite).stream())
        .filter(benchCase -> !quick || !benchCase.large())
        .map(BenchCase.class::cast)
        .toList();
  }
}
