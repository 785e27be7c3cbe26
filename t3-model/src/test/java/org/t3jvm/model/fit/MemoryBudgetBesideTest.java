package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is left of a budget beside weights that are no mapped files. */
class MemoryBudgetBesideTest {
  @Test
  void whatIsTakenIsLeftOutAndNeverMoreThanThereIs() {
    MemoryBudget budget = MemoryBudget.parse("2g");
    assertThat(budget.beside(500_000_000)).isEqualTo(new MemoryBudget(1_500_000_000, true));
    assertThat(budget.beside(3_000_000_000L)).isEqualTo(new MemoryBudget(0, true));
    assertThat(budget.beside(0)).isEqualTo(budget);
  }
}
