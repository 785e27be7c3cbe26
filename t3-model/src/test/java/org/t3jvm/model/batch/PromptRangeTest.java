package org.t3jvm.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptRangeTest {
  @Test
  void groupsPartitionTheRange() {
    for (int count = 1; count <= 12; count++) {
      for (int start = 0; start < count; start++) {
        for (int groups = 1; groups <= 15; groups++) {
          List<Integer> indices = new ArrayList<>();
          for (int group = 0; group < groups; group++) {
            PromptRange range = PromptRange.of(count, start, -1, groups, group);
            assertThat(range.size()).isBetween(0, Math.ceilDiv(count - start, groups));
            IntStream.range(range.start(), range.end()).forEach(indices::add);
          }
          assertThat(indices)
              .as("%d prompts from %d in %d groups", count, start, groups)
              .containsExactlyElementsOf(IntStream.range(start, count).boxed().toList());
        }
      }
    }
  }

  @Test
  void partsAreUpstreams() {
    assertThat(PromptRange.of(100, 0, -1, 8, 0)).isEqualTo(new PromptRange(0, 13));
    assertThat(PromptRange.of(100, 0, -1, 8, 7)).isEqualTo(new PromptRange(91, 100));
    assertThat(PromptRange.of(100, 10, 20, 1, 0)).isEqualTo(new PromptRange(10, 20));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, -1, 1, 0, prompts.start",
    "5, -1, 1, 0, prompts.start",
    "2, 2, 1, 0, prompts.end",
    "0, 6, 1, 0, prompts.end",
    "0, -1, 0, 0, prompts.groups",
    "0, -1, 2, 2, prompts.group"
  })
  void whatCannotBeIsNamed(int start, int end, int groups, int group, String option) {
    assertThatThrownBy(() -> PromptRange.of(5, start, end, groups, group))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(option + " is ");
  }
}
