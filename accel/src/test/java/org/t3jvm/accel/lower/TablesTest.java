package org.t3jvm.accel.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/** What is planned for a table is what it takes. */
class TablesTest {
  static Stream<Tables.Table> tables() {
    AttentionPattern.Windows windows =
        new AttentionPattern.Windows(
            new TokenGrid(3, 5, 7), new WindowCounts(2, 3, 2), Grouping.REMOTE);
    return Stream.of(
        new Tables.Halves(DType.BF16),
        new Tables.Rotations(new TokenGrid(2, 3, 5), 24),
        new Tables.WindowRows(windows.boxes(Grouping.REMOTE)));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void countsItsElements(Tables.Table table) {
    assertThat(table.count()).isEqualTo(table.elements().shape().elements());
  }
}
