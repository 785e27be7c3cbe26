package org.t3jvm.accel.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

class WindowBatchesTest {
  private static WindowBatches batches(
      int t, int h, int w, int nt, int nh, int nw, Grouping grouping) {
    return WindowBatches.of(
        new AttentionPattern.Windows(new TokenGrid(t, h, w), new WindowCounts(nt, nh, nw), grouping)
            .boxes(grouping));
  }

  /** The window of a coordinate (SPEC 5). */
  private static int window(int x, int extent, int count, Grouping grouping) {
    if (grouping == Grouping.REMOTE) {
      return x % count;
    }
    int window = 0;
    while ((window + 1) * extent / count <= x) {
      window++;
    }
    return window;
  }

  @ParameterizedTest
  @CsvSource({
    "4, 6, 8, 2, 3, 2, CLOSE, 1",
    "4, 6, 8, 2, 3, 2, REMOTE, 1",
    "7, 5, 3, 1, 5, 3, CLOSE, 1",
    "7, 5, 9, 4, 3, 2, CLOSE, 8",
    "7, 5, 9, 4, 3, 2, REMOTE, 8",
    "10, 1, 7, 4, 1, 3, CLOSE, 4",
    "5, 6, 7, 5, 4, 7, REMOTE, 2"
  })
  void windowsLieTogetherInBatchesOfEqualSizes(
      int t, int h, int w, int nt, int nh, int nw, Grouping grouping, int expected) {
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i < nt * nh * nw; i++) {
      members.add(new ArrayList<>());
    }
    for (int token = 0; token < t * h * w; token++) {
      int a = window(token / (h * w), t, nt, grouping);
      int b = window(token / w % h, h, nh, grouping);
      int c = window(token % w, w, nw, grouping);
      members.get((a * nh + b) * nw + c).add(token);
    }

    WindowBatches batches = batches(t, h, w, nt, nh, nw, grouping);
    Tensor rows = batches.rows();

    assertThat(batches.batches()).hasSize(expected);
    assertThat(rows.shape().elements()).isEqualTo((long) t * h * w);
    List<Integer> seen = new ArrayList<>();
    int at = 0;
    for (WindowBatches.Batch batch : batches.batches()) {
      assertThat(batch.start()).isEqualTo(at);
      for (int window : batch.windows()) {
        List<Integer> gathered = new ArrayList<>();
        for (int i = 0; i < batch.tokens(); i++) {
          gathered.add((int) rows.getDouble(at++));
        }
        assertThat(gathered).as("window %d", window).isEqualTo(members.get(window));
        seen.add(window);
      }
      assertThat(batch.rows()).isEqualTo(at - batch.start());
    }
    assertThat(seen).as("every window once").doesNotHaveDuplicates().hasSize(members.size());
    assertThat(batches.batches().stream().map(WindowBatches.Batch::extents))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "6, 4, 5, 3, 1, 1, CLOSE, true",
    "7, 4, 5, 4, 1, 1, CLOSE, true",
    "8, 4, 5, 5, 1, 1, CLOSE, false",
    "6, 1, 5, 6, 1, 5, CLOSE, true",
    "6, 4, 5, 3, 2, 1, CLOSE, false",
    "6, 4, 5, 3, 1, 1, REMOTE, false",
    "6, 4, 5, 6, 1, 1, REMOTE, true",
    "6, 4, 5, 1, 1, 1, REMOTE, true"
  })
  void rowsInTokenOrderNeedNoGathering(
      int t, int h, int w, int nt, int nh, int nw, Grouping grouping, boolean expected) {
    WindowBatches batches = batches(t, h, w, nt, nh, nw, grouping);
    Tensor rows = batches.rows();
    boolean ordered = true;
    for (long i = 0; i < rows.shape().elements(); i++) {
      ordered &= rows.getDouble(i) == i;
    }
    assertThat(batches.inOrder()).isEqualTo(ordered).isEqualTo(expected);
  }

  @Test
  void rowsThatF32CannotNumberAreRefused() {
    WindowBatches batches = batches(64, 512, 1024, 1, 1, 1, Grouping.CLOSE);
    assertThatThrownBy(batches::rows)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "33554432 token rows are too many for a table of F32 numbers, at most 16777216");
  }
}
