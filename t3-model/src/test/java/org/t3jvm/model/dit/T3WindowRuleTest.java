package org.t3jvm.model.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/** The windows that the rule chooses, over the published grids, common ones and random ones. */
class T3WindowRuleTest {
  private static final long SEED = 6;
  private static final int GRIDS = 2000;
  private static final List<T3WindowRule> RULES = List.of(T3WindowRule.WAN21, T3WindowRule.WAN22);

  private static T3WindowRule rule(String name) {
    return name.equals("WAN21") ? T3WindowRule.WAN21 : T3WindowRule.WAN22;
  }

  @Test
  void publishedGridsGetThePublishedTables() {
    assertThat(T3WindowRule.WAN21.windows(new TokenGrid(21, 136, 240)))
        .hasToString("21,1,1;1,17,30;1,8,40;3,17,8;7,8,6");
    assertThat(T3WindowRule.WAN22.windows(new TokenGrid(21, 68, 120)))
        .hasToString("21,1,1;1,17,20;1,17,6;3,4,15;7,4,8");
    assertThat(T3WindowRule.forTokensOf(16)).isEqualTo(T3WindowRule.WAN21);
    assertThat(T3WindowRule.forTokensOf(32)).isEqualTo(T3WindowRule.WAN22);
  }

  @ParameterizedTest
  @CsvSource({
    "WAN21, 135, 240, 136, 240",
    "WAN21, 240, 135, 240, 136",
    "WAN21, 136, 240, 136, 240",
    "WAN21, 135, 239, 136, 240",
    "WAN21, 134, 240, 134, 240",
    "WAN21, 137, 240, 137, 240",
    "WAN21, 135, 135, 135, 135",
    "WAN22, 67, 120, 68, 120",
    "WAN22, 34, 60, 34, 60"
  })
  void gridsJustShortOfThePublishedOneAreRoundedUp(
      String rule, int h, int w, int roundedH, int roundedW) {
    assertThat(rule(rule).roundedUp(new TokenGrid(5, h, w)))
        .isEqualTo(new TokenGrid(5, roundedH, roundedW));
  }

  /** The rule's steps worked out apart from this code: an image, long videos, a square. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WAN21 | 21 | 30 | 52 | 21,1,1;1,4,6;1,2,8;3,3,2;8,2,1",
        "WAN21 | 21 | 52 | 30 | 21,1,1;1,6,4;1,8,2;3,2,3;8,1,2",
        "WAN21 | 21 | 68 | 120 | 21,1,1;1,9,14;1,4,20;3,9,4;7,4,3",
        "WAN21 | 61 | 136 | 240 | 61,1,1;3,17,29;3,8,39;9,16,8;20,8,6",
        "WAN21 | 1 | 136 | 240 | 1,1,1;1,4,6;1,2,8;1,6,3;1,4,4",
        "WAN21 | 21 | 135 | 135 | 21,1,1;1,17,17;1,8,22;3,15,5;7,9,3",
        "WAN21 | 1 | 30 | 52 | 1,1,1;1,1,1;1,1,1;1,1,1;1,1,1",
        "WAN21 | 6 | 9 | 16 | 6,1,1;1,1,1;1,1,1;1,1,1;1,1,1",
        "WAN22 | 31 | 22 | 40 | 31,1,1;2,5,5;2,4,2;5,1,6;12,1,3",
        "WAN22 | 21 | 15 | 26 | 21,1,1;1,4,4;1,5,1;3,1,3;5,1,2"
      })
  void otherGridsGetWindowsOfTheSameTokens(String rule, int t, int h, int w, String expected) {
    assertThat(rule(rule).windows(new TokenGrid(t, h, w))).hasToString(expected);
  }

  /** After a small model's own tables, landscape and portrait, worked out apart from this code. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 |  9 | 16 |  6 |  18 |  32 | 1,2,4;6,1,1;1,6,2;2,2,2;3,2,2",
        "6 |  9 | 16 |  6 |  36 |  64 | 1,4,8;6,1,1;1,12,4;2,4,4;3,4,4",
        "6 |  9 | 16 | 21 | 136 | 240 | 4,14,28;21,1,1;4,43,14;7,15,15;11,14,15",
        "6 |  9 | 16 |  6 |  16 |   9 | 1,2,1;6,1,1;1,1,3;2,1,1;3,1,1",
        "6 |  9 | 16 |  3 |   9 |  16 | 1,1,1;3,1,1;1,2,1;1,1,1;2,1,1",
        "6 | 16 |  9 |  6 |  32 |  18 | 1,2,4;6,1,1;1,6,2;2,2,2;3,2,2",
        "6 | 16 |  9 |  6 |  18 |  32 | 1,4,2;6,1,1;1,2,6;2,2,2;3,2,2"
      })
  void otherTablesAreFollowedToo(
      int trainedT, int trainedH, int trainedW, int t, int h, int w, String expected) {
    T3Windows table = T3Windows.parse("1,1,2;6,1,1;1,3,1;2,1,1;3,1,1");
    T3WindowRule rule = new T3WindowRule(new TokenGrid(trainedT, trainedH, trainedW), table);
    assertThat(rule.windows(rule.grid())).isEqualTo(table);
    assertThat(rule.windows(new TokenGrid(t, h, w))).hasToString(expected);
  }

  @Test
  void theTrainedGridGetsTheTrainedTable() {
    Random random = new Random(SEED);
    for (int i = 0; i < GRIDS; i++) {
      TokenGrid grid = new TokenGrid(upTo(random, 61), upTo(random, 300), upTo(random, 300));
      T3Windows table =
          new T3Windows(
              List.of(
                  new WindowCounts(
                      upTo(random, grid.t()), upTo(random, grid.h()), upTo(random, grid.w()))));
      assertThat(new T3WindowRule(grid, table).windows(grid))
          .as("seed %d, grid %s", SEED, grid)
          .isEqualTo(table);
    }
  }

  @Test
  void aTableOfAnotherGridIsRefused() {
    T3Windows table = T3Windows.parse("6,1,1;1,10,1");
    assertThatThrownBy(() -> new T3WindowRule(new TokenGrid(6, 9, 16), table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("windows 1,10,1 are more than the token grid 6x9x16");
  }

  /** The table in the rule's documentation and in docs/memory.md. */
  @ParameterizedTest
  @CsvSource({
    "WAN21, 30, 52, 1560, 1365, 2048, 1820, 2048, 9.95",
    "WAN21, 45, 80, 3600, 1400, 2100, 1680, 2100, 4.84",
    "WAN21, 68, 120, 8160, 1360, 2142, 1587, 2040, 2.62",
    "WAN21, 90, 160, 14400, 1375, 2160, 1680, 2160, 1.93",
    "WAN21, 136, 240, 32640, 1344, 2142, 1680, 2040, 1.37",
    "WAN22, 15, 26, 390, 512, 1638, 910, 819, 19.99",
    "WAN22, 23, 40, 920, 537, 1610, 966, 805, 9.18",
    "WAN22, 34, 60, 2040, 529, 1587, 893, 765, 4.51",
    "WAN22, 45, 80, 3600, 491, 1718, 933, 720, 3.00",
    "WAN22, 68, 120, 8160, 504, 1680, 952, 765, 1.86"
  })
  void commonSizesCostWhatIsDocumented(
      String rule, int h, int w, int k0, int k1, int k2, int k3, int k4, double percent) {
    TokenGrid grid = new TokenGrid(21, h, w);
    T3Windows windows = rule(rule).windows(grid);
    assertThat(windows.kinds().stream().map(n -> Math.round(tokens(grid, n))))
        .containsExactly((long) k0, (long) k1, (long) k2, (long) k3, (long) k4);
    double full = 5.0 * grid.tokens() * grid.tokens();
    assertThat(100 * pairs(windows, grid) / full).isCloseTo(percent, within(0.005));
  }

  /** Tokens of a window on average. */
  private static double tokens(TokenGrid grid, WindowCounts counts) {
    return (double) grid.tokens() / counts.windows();
  }

  /** Queries' keys in all kinds together, of both passes where both are computed. */
  private static double pairs(T3Windows windows, TokenGrid grid) {
    double pairs = 0;
    for (int kind = 0; kind < windows.kinds().size(); kind++) {
      Windows pattern = (Windows) windows.pattern(kind, grid);
      pairs += pattern.pairs() * (pattern.grouping() == Grouping.BOTH ? 2.0 : 1.0);
    }
    return pairs;
  }

  /** Grids of 1 to 241 frames and up to 4800 pixels a side, small ones as often as large ones. */
  private static void forRandomGrids(BiConsumer<T3WindowRule, TokenGrid> test) {
    Random random = new Random(SEED);
    for (int i = 0; i < GRIDS; i++) {
      TokenGrid grid = new TokenGrid(upTo(random, 61), upTo(random, 300), upTo(random, 300));
      RULES.forEach(rule -> test.accept(rule, grid));
    }
  }

  private static int upTo(Random random, int most) {
    return (int) Math.exp(random.nextDouble() * Math.log(most + 0.999));
  }

  private static String say(T3WindowRule rule, TokenGrid grid, T3Windows windows) {
    return "seed %d, rule of %s, grid %s, windows %s".formatted(SEED, rule.grid(), grid, windows);
  }

  @Test
  void tokensOfAWindowStayNearThePublishedOnes() {
    forRandomGrids(
        (rule, grid) -> {
          T3Windows windows = rule.windows(grid);
          String what = say(rule, grid, windows);
          assertThat(windows.kinds()).as(what).hasSize(5).allMatch(counts -> counts.fit(grid));
          assertThat(windows.kinds().getFirst()).isEqualTo(new WindowCounts(grid.t(), 1, 1));
          for (int kind = 1; kind < 5; kind++) {
            WindowCounts counts = windows.kinds().get(kind);
            double ratio =
                tokens(grid, counts) / tokens(rule.grid(), rule.table().kinds().get(kind));
            assertThat(ratio)
                .as("kind %d, %s", kind, what)
                .isLessThanOrEqualTo(Math.sqrt(2) + 1e-9);
            if (counts.windows() > 1) {
              assertThat(ratio).as("kind %d, %s", kind, what).isGreaterThan(Math.sqrt(0.5) - 1e-9);
            }
            int largest = new Windows(grid, counts, Grouping.BOTH).largestGroup();
            assertThat(largest)
                .as("kind %d, %s", kind, what)
                .isLessThanOrEqualTo(
                    (int) Math.ceil(1.6 * tokens(rule.grid(), rule.table().kinds().get(kind))));
          }
        });
  }

  @Test
  void portraitIsTheTransposeOfLandscape() {
    forRandomGrids(
        (rule, grid) -> {
          TokenGrid turned = new TokenGrid(grid.t(), grid.w(), grid.h());
          T3Windows windows = rule.windows(grid);
          if (grid.h() != grid.w()) {
            assertThat(rule.windows(turned).kinds())
                .as(say(rule, grid, windows))
                .isEqualTo(
                    windows.kinds().stream()
                        .map(n -> new WindowCounts(n.t(), n.w(), n.h()))
                        .toList());
          }
        });
  }

  /** Twice the tokens along an axis never give fewer windows, nor cheaper attention. */
  @Test
  void largerGridsHaveMoreWindows() {
    forRandomGrids(
        (rule, grid) -> {
          T3Windows windows = rule.windows(grid);
          for (TokenGrid larger :
              List.of(
                  new TokenGrid(2 * grid.t(), grid.h(), grid.w()),
                  new TokenGrid(grid.t(), 2 * grid.h(), grid.w()),
                  new TokenGrid(grid.t(), grid.h(), 2 * grid.w()))) {
            T3Windows more = rule.windows(larger);
            String what = say(rule, grid, windows) + ", beside " + larger + " " + more;
            for (int kind = 1; kind < 5; kind++) {
              assertThat(more.kinds().get(kind).windows())
                  .as("kind %d, %s", kind, what)
                  .isGreaterThanOrEqualTo(windows.kinds().get(kind).windows());
            }
          }
        });
  }

  /** Kinds 1 to 4 cost at most what windows of 1.6 times the published tokens would. */
  @Test
  void attentionGrowsWithTheTokensOnly() {
    forRandomGrids(
        (rule, grid) -> {
          T3Windows windows = rule.windows(grid);
          double frame = (double) grid.h() * grid.w();
          double most = grid.tokens() * frame;
          for (WindowCounts published : rule.table().kinds().subList(1, 5)) {
            most += 2 * 1.6 * tokens(rule.grid(), published) * grid.tokens();
          }
          assertThat(pairs(windows, grid)).as(say(rule, grid, windows)).isLessThanOrEqualTo(most);
        });
  }

  /** One rule and kind of every grid in turn, token by token, both groupings. */
  @Test
  void everyTokenIsInOneWindowOfEachGrouping() {
    Random random = new Random(SEED);
    for (int i = 0; i < GRIDS; i++) {
      TokenGrid grid = new TokenGrid(upTo(random, 61), upTo(random, 120), upTo(random, 120));
      T3WindowRule rule = RULES.get(i % 2);
      T3Windows chosen = rule.windows(grid);
      Windows windows = new Windows(grid, chosen.kinds().get(i / 2 % 5), Grouping.BOTH);
      requirePartition(windows, Grouping.CLOSE, say(rule, grid, chosen));
      requirePartition(windows, Grouping.REMOTE, say(rule, grid, chosen));
    }
  }

  private static void requirePartition(Windows windows, Grouping grouping, String what) {
    TokenGrid grid = windows.grid();
    WindowCounts n = windows.counts();
    int[] t = memberships(grid.t(), n.t(), grouping);
    int[] h = memberships(grid.h(), n.h(), grouping);
    int[] w = memberships(grid.w(), n.w(), grouping);
    int[] defined = new int[Math.toIntExact(grid.tokens())];
    for (int token = 0; token < defined.length; token++) {
      int row = token / grid.w();
      defined[token] =
          (t[row / grid.h()] * n.h() + h[row % grid.h()]) * n.w() + w[token % grid.w()];
    }
    List<RowBox> boxes = windows.boxes(grouping);
    for (int group = 0; group < boxes.size(); group++) {
      RowBox box = boxes.get(group);
      for (int member = box.rows() - 1; member >= 0; member--) {
        int token = Math.toIntExact(box.row(member));
        if (defined[token] != group) {
          throw new AssertionError(
              "%s, %s %s: token %d is in group %d, should be in %d once"
                  .formatted(what, n, grouping, token, group, defined[token]));
        }
        defined[token] = -1;
      }
    }
    assertThat(Arrays.stream(defined).max()).as("%s, %s %s", what, n, grouping).hasValue(-1);
  }

  /** The window of every coordinate, filled window after window as they are defined. */
  private static int[] memberships(int extent, int count, Grouping grouping) {
    int[] windows = new int[extent];
    for (int i = 0; i < count; i++) {
      if (grouping == Grouping.REMOTE) {
        for (int x = i; x < extent; x += count) {
          windows[x] = i;
        }
      } else {
        for (int x = i * extent / count; x < (i + 1) * extent / count; x++) {
          windows[x] = i;
        }
      }
    }
    return windows;
  }
}
