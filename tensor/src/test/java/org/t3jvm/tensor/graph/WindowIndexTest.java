package org.t3jvm.tensor.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;

/** The index arithmetic of windows against SPEC 5's definition by div and mod. */
class WindowIndexTest {
  private static final int LARGEST = 6;

  @Test
  void groupsPartitionTheTokens() {
    forAllWindows(
        windows -> {
          for (Grouping grouping : List.of(Grouping.CLOSE, Grouping.REMOTE)) {
            WindowIndex index = windows.index(grouping);
            BitSet seen = new BitSet();
            for (int group = 0; group < windows.counts().windows(); group++) {
              for (int member = 0; member < index.groupSize(); member++) {
                int token = Math.toIntExact(index.base(group) + index.offset(member));
                assertThat(seen.get(token)).as("token %d twice in %s", token, windows).isFalse();
                seen.set(token);
              }
            }
            assertThat(seen.cardinality()).isEqualTo((int) windows.grid().tokens());
            assertThat(seen.length()).isEqualTo((int) windows.grid().tokens());
          }
        });
  }

  @Test
  void groupsAreThoseOfTheDefinition() {
    forAllWindows(
        windows -> {
          for (Grouping grouping : List.of(Grouping.CLOSE, Grouping.REMOTE)) {
            assertThat(groups(windows, grouping))
                .as("%s %s", windows, grouping)
                .isEqualTo(definedGroups(windows, grouping));
          }
        });
  }

  /** Tokens of every group, in the order of its members. */
  private static List<List<Integer>> groups(Windows windows, Grouping grouping) {
    WindowIndex index = windows.index(grouping);
    return IntStream.range(0, windows.counts().windows())
        .mapToObj(
            group ->
                IntStream.range(0, index.groupSize())
                    .mapToObj(member -> (int) (index.base(group) + index.offset(member)))
                    .toList())
        .toList();
  }

  /** Tokens in order, each put into the group that its coordinates say. */
  private static List<List<Integer>> definedGroups(Windows windows, Grouping grouping) {
    TokenGrid grid = windows.grid();
    WindowCounts n = windows.counts();
    Map<Integer, List<Integer>> groups = new HashMap<>();
    int token = 0;
    for (int t = 0; t < grid.t(); t++) {
      for (int h = 0; h < grid.h(); h++) {
        for (int w = 0; w < grid.w(); w++, token++) {
          int gt = grouping == Grouping.CLOSE ? t / (grid.t() / n.t()) : t % n.t();
          int gh = grouping == Grouping.CLOSE ? h / (grid.h() / n.h()) : h % n.h();
          int gw = grouping == Grouping.CLOSE ? w / (grid.w() / n.w()) : w % n.w();
          int group = (gt * n.h() + gh) * n.w() + gw;
          groups.computeIfAbsent(group, g -> new ArrayList<>()).add(token);
        }
      }
    }
    return IntStream.range(0, n.windows()).mapToObj(groups::get).toList();
  }

  @Test
  void closeEqualsRemoteExactlyWhereTheGroupsDo() {
    forAllWindows(
        windows -> {
          Set<List<Integer>> close = new HashSet<>(definedGroups(windows, Grouping.CLOSE));
          Set<List<Integer>> remote = new HashSet<>(definedGroups(windows, Grouping.REMOTE));
          assertThat(windows.closeEqualsRemote()).as("%s", windows).isEqualTo(close.equals(remote));
        });
  }

  @Test
  void onlyBothIsSimplified() {
    TokenGrid grid = new TokenGrid(3, 4, 5);
    WindowCounts frames = new WindowCounts(3, 1, 1);
    assertThat(new Windows(grid, frames, Grouping.BOTH).simplified().grouping())
        .isEqualTo(Grouping.CLOSE);
    assertThat(new Windows(grid, frames, Grouping.REMOTE).simplified().grouping())
        .isEqualTo(Grouping.REMOTE);
    assertThat(new Windows(grid, new WindowCounts(1, 2, 1), Grouping.BOTH).simplified().grouping())
        .isEqualTo(Grouping.BOTH);
  }

  /** The published tables for 4K (SPEC 5): tokens of a window, and which kind needs one pass. */
  @Test
  void publishedTablesHaveTheirWindowSizes() {
    TokenGrid small = new TokenGrid(21, 136, 240);
    assertThat(size(small, 21, 1, 1)).isEqualTo(32640);
    assertThat(size(small, 1, 17, 30)).isEqualTo(1344);
    assertThat(size(small, 1, 8, 40)).isEqualTo(2142);
    assertThat(size(small, 3, 17, 8)).isEqualTo(1680);
    assertThat(size(small, 7, 8, 6)).isEqualTo(2040);
    TokenGrid large = new TokenGrid(21, 68, 120);
    assertThat(size(large, 21, 1, 1)).isEqualTo(8160);
    assertThat(size(large, 7, 4, 8)).isEqualTo(765);
    assertThat(new Windows(small, new WindowCounts(21, 1, 1), Grouping.BOTH).closeEqualsRemote())
        .isTrue();
    assertThat(new Windows(small, new WindowCounts(3, 17, 8), Grouping.BOTH).closeEqualsRemote())
        .isFalse();
  }

  private static int size(TokenGrid grid, int t, int h, int w) {
    return new Windows(grid, new WindowCounts(t, h, w), Grouping.BOTH).groupSize();
  }

  @Test
  void rejectsWhatDoesNotDivide() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Windows(new TokenGrid(4, 6, 8), new WindowCounts(1, 4, 2), Grouping.CLOSE))
        .withMessage("attention: windows 1,4,2 do not divide the token grid 4x6x8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WindowCounts(1, 0, 1))
        .withMessageContaining("1,0,1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenGrid(1, 2, 0))
        .withMessageContaining("1x2x0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Windows(new TokenGrid(1, 1, 1), new WindowCounts(1, 1, 1), Grouping.BOTH)
                    .index(Grouping.BOTH))
        .withMessageContaining("one grouping");
  }

  /** All grids up to a size, with all counts that divide them. */
  private static void forAllWindows(Consumer<Windows> test) {
    int tested = 0;
    for (int t = 1; t <= LARGEST; t++) {
      for (int h = 1; h <= LARGEST; h++) {
        for (int w = 1; w <= LARGEST; w++) {
          TokenGrid grid = new TokenGrid(t, h, w);
          for (int nt = 1; nt <= t; nt++) {
            for (int nh = 1; nh <= h; nh++) {
              for (int nw = 1; nw <= w; nw++) {
                WindowCounts counts = new WindowCounts(nt, nh, nw);
                if (counts.divides(grid)) {
                  test.accept(new Windows(grid, counts, Grouping.BOTH));
                  tested++;
                }
              }
            }
          }
        }
      }
    }
    // One to six have 1, 2, 2, 3, 2 and 4 divisors.
    assertThat(tested).isEqualTo(14 * 14 * 14);
  }
}
