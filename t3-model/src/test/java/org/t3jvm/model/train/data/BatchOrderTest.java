package org.t3jvm.model.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every epoch sees each clip; a position alone gives the same batch again. */
class BatchOrderTest {
  /** Clips 0 to 9 of one size, 10 to 12 of another, 13 of a third. */
  private static final List<String> SIZES =
      List.of("a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "b", "b", "b", "c");

  private static List<List<Integer>> epochs(BatchOrder order, int count) {
    List<List<Integer>> batches = new ArrayList<>();
    DataPosition position = DataPosition.START;
    while (position.epoch() < count) {
      batches.add(order.at(position));
      position = order.next(position);
    }
    return batches;
  }

  @Test
  void batchesHaveOneSizeAndCoverAllClips() {
    BatchOrder order = new BatchOrder(SIZES, 4, 3);
    List<List<Integer>> batches = epochs(order, 1);
    assertThat(batches).hasSize(order.batches()).hasSize(3 + 1 + 1);
    Set<Integer> seen = new HashSet<>();
    for (List<Integer> batch : batches) {
      assertThat(batch).hasSize(4);
      assertThat(batch.stream().map(SIZES::get).distinct()).hasSize(1);
      seen.addAll(batch);
    }
    assertThat(seen).hasSize(SIZES.size());
  }

  @Test
  void epochsDifferAndRepeatBySeed() {
    List<List<Integer>> batches = epochs(new BatchOrder(SIZES, 2, 3), 3);
    assertThat(epochs(new BatchOrder(SIZES, 2, 3), 3)).isEqualTo(batches);
    assertThat(epochs(new BatchOrder(SIZES, 2, 4), 3)).isNotEqualTo(batches);
    int each = batches.size() / 3;
    assertThat(batches.subList(0, each)).isNotEqualTo(batches.subList(each, 2 * each));
  }

  @Test
  void continuesFromASavedPosition() {
    BatchOrder unbroken = new BatchOrder(SIZES, 2, 8);
    DataPosition position = new DataPosition(1, 3);
    List<Integer> expected = epochs(unbroken, 2).get(unbroken.batches() + 3);
    assertThat(new BatchOrder(SIZES, 2, 8).at(position)).isEqualTo(expected);
  }

  @Test
  void shufflesEvenly() {
    int[] first = new int[8];
    BatchOrder order = new BatchOrder(List.of(1, 1, 1, 1, 1, 1, 1, 1), 1, 21);
    for (int epoch = 0; epoch < 4000; epoch++) {
      first[order.at(new DataPosition(epoch, 0)).getFirst()]++;
    }
    // 500 each on average; a deviation is 21.
    assertThat(Arrays.stream(first).boxed()).allMatch(count -> count > 400 && count < 600);
  }
}
