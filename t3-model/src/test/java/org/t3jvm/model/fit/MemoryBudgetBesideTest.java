package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is left of a budget beside weights that are no mapped files, and what is said of too little.
 */
class MemoryBudgetBesideTest {
  @Test
  void whatIsTakenIsNotLeft() {
    MemoryBudget budget = MemoryBudget.parse("2g");
    assertThat(budget.beside(500_000_000)).isEqualTo(new MemoryBudget(1_500_000_000, true));
    assertThat(budget.beside(3_000_000_000L)).isEqualTo(new MemoryBudget(-1_000_000_000, true));
    assertThat(budget.beside(0)).isEqualTo(budget);
  }

  /** The hint counts what the JVM takes: following it is enough. */
  @ParameterizedTest
  @CsvSource({"100m, 0 B, 224.0 MB", "320m, 0 B, 4.0 MB", "321m, 1.0 MB, 3.0 MB"})
  void howMuchIsMissingCountsWhatIsTaken(String given, String leaves, String missing) {
    JobFit.Need need = new JobFit.Need("denoising 864 tokens", 3_950_000);
    MemoryBudget budget = MemoryBudget.parse(given).beside(MemoryBudget.JVM);
    assertThat(budget.shortage(need))
        .contains(
            "denoising 864 tokens takes at least %s of memory beside the weights, options.memory leaves %s; choose a smaller size or fewer frames, or allow %s more"
                .formatted("4.0 MB", leaves, missing));
    assertThat(MemoryBudget.parse("324m").beside(MemoryBudget.JVM).shortage(need)).isEmpty();
  }
}
