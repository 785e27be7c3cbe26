package org.t3jvm.tensor.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Inward;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;

/** The index arithmetic of patterns against their definitions by coordinates. */
class RowMapTest {
  private static final int LARGEST = 6;
  private static final long SEED = 20;

  @Test
  void groupsPartitionTheTokensAsDefined() {
    forAllWindows(RowMapTest::requireDefinedPartition);
  }

  @Test
  void groupsOfRandomGridsPartitionTheTokensAsDefined() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2000; i++) {
      TokenGrid grid = new TokenGrid(upTo(random, 61), upTo(random, 32), upTo(random, 32));
      WindowCounts counts =
          new WindowCounts(upTo(random, grid.t()), upTo(random, grid.h()), upTo(random, grid.w()));
      requireDefinedPartition(new Windows(grid, counts, Grouping.BOTH));
    }
  }

  private static int upTo(Random random, int largest) {
    return 1 + random.nextInt(largest);
  }

  /** Every token is in one group, the one that its coordinates say, and groups are in order. */
  private static void requireDefinedPartition(Windows windows) {
    TokenGrid grid = windows.grid();
    int frame = grid.h() * grid.w();
    int largest = 0;
    for (Grouping grouping : List.of(Grouping.CLOSE, Grouping.REMOTE)) {
      int[] defined = definedGroups(windows, grouping);
      List<RowBox> boxes = windows.boxes(grouping);
      BitSet seen = new BitSet();
      long pairs = 0;
      for (int group = 0; group < boxes.size(); group++) {
        RowBox box = boxes.get(group);
        int size = box.rows();
        int before = -1;
        for (int member = 0; member < size; member++) {
          int token = Math.toIntExact(box.row(member));
          if (token <= before || token >= grid.t() * frame || defined[token] != group) {
            throw new AssertionError(
                "seed %d: member %d of group %d of %s %s is token %d"
                    .formatted(SEED, member, group, windows, grouping, token));
          }
          seen.set(token);
          before = token;
        }
        pairs += (long) size * size;
        largest = Math.max(largest, size);
      }
      // As many as there are tokens, each in its defined group only: none is missing or twice.
      assertThat(seen.cardinality()).as("%s %s", windows, grouping).isEqualTo(defined.length);
      assertThat(windows.pairs()).as("%s %s", windows, grouping).isEqualTo(pairs);
    }
    assertThat(windows.largestGroup()).as("%s", windows).isEqualTo(largest);
  }

  /** The group of every token, from its coordinates. */
  private static int[] definedGroups(Windows windows, Grouping grouping) {
    TokenGrid grid = windows.grid();
    WindowCounts n = windows.counts();
    int[] alongT = definedWindows(grid.t(), n.t(), grouping);
    int[] alongH = definedWindows(grid.h(), n.h(), grouping);
    int[] alongW = definedWindows(grid.w(), n.w(), grouping);
    int[] groups = new int[Math.toIntExact(grid.tokens())];
    int token = 0;
    for (int t = 0; t < grid.t(); t++) {
      for (int h = 0; h < grid.h(); h++) {
        for (int w = 0; w < grid.w(); w++, token++) {
          groups[token] = (alongT[t] * n.h() + alongH[h]) * n.w() + alongW[w];
        }
      }
    }
    return groups;
  }

  /** The window of every coordinate: x mod n, or x / (X/n) with the bounds rounded down. */
  private static int[] definedWindows(int extent, int count, Grouping grouping) {
    int[] windows = new int[extent];
    for (int x = 0; x < extent; x++) {
      if (grouping == Grouping.REMOTE) {
        windows[x] = x % count;
      } else if (extent % count == 0) {
        windows[x] = x / (extent / count);
      } else {
        for (int i = 1; i < count; i++) {
          windows[x] += Math.floor((double) i * extent / count) <= x ? 1 : 0;
        }
      }
    }
    return windows;
  }

  @Test
  void sizesAlongAnAxisDifferByOneAtMost() {
    for (int extent = 1; extent <= 40; extent++) {
      for (int count = 1; count <= extent; count++) {
        for (boolean dilated : new boolean[] {false, true}) {
          WindowAxis axis = new WindowAxis(extent, count, dilated);
          for (int i = 0; i < count; i++) {
            assertThat(axis.size(i))
                .as("window %d of %s", i, axis)
                .isBetween(extent / count, Math.ceilDiv(extent, count));
          }
        }
      }
    }
  }

  @Test
  void closeEqualsRemoteExactlyWhereTheGroupsDo() {
    forAllWindows(
        windows -> {
          Set<BitSet> close = sets(definedGroups(windows, Grouping.CLOSE));
          Set<BitSet> remote = sets(definedGroups(windows, Grouping.REMOTE));
          assertThat(windows.closeEqualsRemote()).as("%s", windows).isEqualTo(close.equals(remote));
        });
  }

  private static Set<BitSet> sets(int[] groups) {
    Map<Integer, BitSet> sets = new HashMap<>();
    for (int token = 0; token < groups.length; token++) {
      sets.computeIfAbsent(groups[token], group -> new BitSet()).set(token);
    }
    return new HashSet<>(sets.values());
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
    return new Windows(grid, new WindowCounts(t, h, w), Grouping.BOTH).largestGroup();
  }

  @Test
  void rejectsEmptyWindows() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Windows(new TokenGrid(4, 6, 8), new WindowCounts(1, 7, 2), Grouping.CLOSE))
        .withMessage(
            "attention: windows 1,7,2 are more than the token grid 4x6x8 has tokens along an axis");
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
                    .boxes(Grouping.BOTH))
        .withMessageContaining("one grouping");
  }

  /** SPEC 20.2: bounds with their corrections, and the grid's edges. */
  private static boolean sees(int centre, int other, int extent, int reach) {
    int low = centre - reach - Math.max(0, centre + reach - extent + 1);
    int high = centre + reach + Math.max(0, reach - centre);
    return low <= other && other <= high;
  }

  @Test
  void inwardWindowsAreTheFormulas() {
    for (int extent = 1; extent <= 24; extent++) {
      for (int reach = 0; reach <= 26; reach++) {
        SlidingAxis axis = new SlidingAxis(extent, reach);
        for (int x = 0; x < extent; x++) {
          int start = axis.start(x);
          for (int other = 0; other < extent; other++) {
            assertThat(start <= other && other < start + axis.size())
                .as("%s at %d, %d", axis, x, other)
                .isEqualTo(sees(x, other, extent, reach));
          }
        }
      }
    }
    // SPEC 20.2: 34,503 keys for each query of the 1.3B model at 1088x1920.
    assertThat(new Inward(new TokenGrid(21, 68, 120), 15, 26, 0).keysEach()).isEqualTo(34503);
  }

  /** Tiles whose queries share their keys: together each query once, each with its window. */
  @Test
  void inwardTilesGiveEachQueryItsWindow() {
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      TokenGrid grid = new TokenGrid(upTo(random, 3), upTo(random, 9), upTo(random, 9));
      Inward inward = new Inward(grid, random.nextInt(5), random.nextInt(5), random.nextInt(4));
      int tokens = Math.toIntExact(grid.tokens());
      RowMap map = inward.rows(tokens, tokens + inward.extraKeys());
      BitSet seen = new BitSet();
      for (RowMap.Tile tile : map.passes().getFirst().tiles().getFirst().whole()) {
        for (int query = 0; query < tile.queries().rows(); query++) {
          int row = Math.toIntExact(tile.queries().row(query));
          assertThat(seen.get(row)).isFalse();
          seen.set(row);
          assertThat(keys(tile))
              .as("seed %d, %s, %d", SEED, inward, row)
              .isEqualTo(window(inward, row));
        }
        assertThat(tile.keys()).isEqualTo(inward.keysEach());
      }
      assertThat(seen.cardinality()).isEqualTo(tokens);
    }
  }

  private static BitSet keys(RowMap.Tile tile) {
    BitSet keys = new BitSet();
    for (int key = 0; key < tile.keys(); key++) {
      keys.set(Math.toIntExact(tile.key(key)));
    }
    return keys;
  }

  private static BitSet window(Inward inward, int row) {
    TokenGrid grid = inward.grid();
    BitSet keys = new BitSet();
    for (int key = 0; key < grid.tokens(); key++) {
      if (sees(row / grid.w() % grid.h(), key / grid.w() % grid.h(), grid.h(), inward.reachH())
          && sees(row % grid.w(), key % grid.w(), grid.w(), inward.reachW())) {
        keys.set(key);
      }
    }
    int tokens = Math.toIntExact(grid.tokens());
    keys.set(tokens, tokens + inward.extraKeys());
    return keys;
  }

  /** A part has just the keys that one of its queries attends to. */
  @Test
  void partsHaveTheUnionOfTheirWindows() {
    Inward inward = new Inward(new TokenGrid(2, 9, 11), 2, 3, 5);
    RowMap.Tile all = inward.rows(198, 203).passes().getFirst().tiles().getFirst();
    RowMap.Tile part =
        all.part(new RowBox.Span(1, 1, 1), new RowBox.Span(3, 3, 1), new RowBox.Span(6, 5, 1));
    BitSet union = new BitSet();
    for (int query = 0; query < part.queries().rows(); query++) {
      union.or(window(inward, Math.toIntExact(part.queries().row(query))));
    }
    assertThat(keys(part)).isEqualTo(union);
  }

  @Test
  void scoresAreThoseOfAllPasses() {
    TokenGrid grid = new TokenGrid(3, 4, 5);
    assertThat(new AttentionPattern.Full().scores(7, 11)).isEqualTo(77);
    for (AttentionPattern pattern :
        List.of(
            new Windows(grid, new WindowCounts(2, 3, 2), Grouping.BOTH),
            new Windows(grid, new WindowCounts(2, 3, 2), Grouping.REMOTE),
            new Inward(grid, 1, 1, 6))) {
      long scores = 0;
      for (RowMap.Pass pass : pattern.rows(60, 66).passes()) {
        for (RowMap.Tile tile : pass.tiles().stream().flatMap(t -> t.whole().stream()).toList()) {
          scores += (long) tile.queries().rows() * tile.keys();
        }
      }
      assertThat(pattern.scores(60, 66)).as("%s", pattern).isEqualTo((double) scores);
    }
  }

  /** All grids up to a size, with all counts that leave no window empty. */
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
                test.accept(new Windows(grid, counts, Grouping.BOTH));
                tested++;
              }
            }
          }
        }
      }
    }
    assertThat(tested).isEqualTo(21 * 21 * 21);
  }

  /** The queries that share keys are those between the first and the last that attend to any. */
  @Test
  void queriesThatShareKeysAreThoseWhoseWindowsHaveThem() {
    for (int extent = 1; extent <= 9; extent++) {
      for (int reach = 0; reach <= extent; reach++) {
        SlidingAxis axis = new SlidingAxis(extent, reach);
        for (int first = 0; first < extent; first++) {
          for (int count = 1; first + count <= extent; count++) {
            RowBox.Span keys = new RowBox.Span(first, count, 1);
            Set<Integer> defined = new HashSet<>();
            for (int centre = 0; centre < extent; centre++) {
              int start = axis.start(centre);
              if (start < first + count && first < start + axis.size()) {
                defined.add(centre);
              }
            }
            RowBox.Span centres = axis.centres(keys);
            Set<Integer> found = new HashSet<>();
            for (int i = 0; i < centres.count(); i++) {
              found.add(centres.at(i));
            }
            assertThat(found).as("%s, %s", axis, keys).isEqualTo(defined);
          }
        }
      }
    }
  }
}
