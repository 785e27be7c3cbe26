package org.t3jvm.accel.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.GridRows;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;

/** Boxes of elements, divided where the memory of their operands is. */
class AxesTest {
  private static final long SEED = 23;
  private static final int CASES = 300;

  /** A permutation of a box: dense in operand 0, permuted in operand 1. */
  private static Axes permuted(Random random, List<Long> extents) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
    Collections.shuffle(order, random);
    long[] dense = new long[3];
    long[] other = new long[3];
    long stride = 1;
    for (int i = 2; i >= 0; i--) {
      dense[i] = stride;
      stride *= extents.get(i);
    }
    stride = 1;
    for (int axis : order) {
      other[axis] = stride;
      stride *= extents.get(axis);
    }
    Axes axes = new Axes(2);
    for (int i = 0; i < 3; i++) {
      axes.add(extents.get(i), dense[i], other[i]);
    }
    return axes;
  }

  /** Operand 1's elements by those of operand 0 that they meet in a box. */
  private static SortedMap<Long, Long> pairs(Axes.Box box) {
    TreeMap<Long, Long> pairs = new TreeMap<>();
    int[] numbers = box.axes().numbers();
    for (int i = 0; i < box.elements(); i++) {
      int rest = i;
      long[] at = {box.starts().get(0), box.starts().get(1)};
      for (int axis = box.axes().count() - 1; axis >= 0; axis--) {
        int coordinate = rest % numbers[3 * axis];
        rest /= numbers[3 * axis];
        at[0] += (long) coordinate * numbers[3 * axis + 1];
        at[1] += (long) coordinate * numbers[3 * axis + 2];
      }
      pairs.put(at[0], at[1]);
    }
    return pairs;
  }

  private static Pieces pieces(long elements, long each) {
    Bank bank = new Bank(Bank.Kind.FLOATS, 0, 1 << 20);
    return new Pieces(
        LongStream.rangeClosed(0, (elements - 1) / each)
            .mapToObj(i -> new Place(bank, 1000 * i, Math.min(each, elements - i * each)))
            .toList(),
        each,
        1,
        1);
  }

  @Test
  void boxesInOnePlaceOfEachOperandHaveEveryElementOnce() {
    Random random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      List<Long> extents = random.longs(3, 1, 8).boxed().toList();
      long elements = extents.stream().reduce(1L, (a, b) -> a * b);
      Axes axes = permuted(random, extents);
      SortedMap<Long, Long> expected = pairs(axes.range(0, elements).getFirst());
      Pieces[] operands = {
        pieces(elements, 1 + random.nextLong(elements)),
        pieces(elements, 1 + random.nextLong(elements))
      };
      TreeMap<Long, Long> actual = new TreeMap<>();
      int sum = 0;
      for (Axes.Box box : axes.within(List.of(0L, 0L), operands)) {
        SortedMap<Long, Long> pairs = pairs(box);
        for (int operand = 0; operand < 2; operand++) {
          var at = operand == 0 ? pairs.keySet() : pairs.values();
          long first = at.stream().mapToLong(Long::longValue).min().orElseThrow();
          long last = at.stream().mapToLong(Long::longValue).max().orElseThrow();
          assertThat(operands[operand].end(first)).as("seed %d", SEED).isGreaterThan(last);
        }
        actual.putAll(pairs);
        sum += box.elements();
      }
      assertThat(actual).as("case %d of seed %d: %s", i, SEED, extents).isEqualTo(expected);
      assertThat(sum).isEqualTo(elements);
    }
  }

  @Test
  void aRangeIsItsElementsInOrder() {
    Random random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      List<Long> extents = random.longs(3, 1, 8).boxed().toList();
      long elements = extents.stream().reduce(1L, (a, b) -> a * b);
      Axes axes = permuted(random, extents);
      long from = random.nextLong(elements);
      long to = from + 1 + random.nextLong(elements - from);
      long at = from;
      TreeMap<Long, Long> actual = new TreeMap<>();
      for (Axes.Box box : axes.range(from, to)) {
        assertThat(box.at()).as("case %d of seed %d: %s", i, SEED, extents).isEqualTo(at);
        at += box.elements();
        actual.putAll(pairs(box));
      }
      assertThat(at).isEqualTo(to);
      assertThat(actual)
          .as("case %d of seed %d: %s", i, SEED, extents)
          .isEqualTo(new TreeMap<>(pairs(axes.range(0, elements).getFirst()).subMap(from, to)));
    }
  }

  @Test
  void rowsOfAGridAreGridsThatFollowEachOther() {
    for (int from = 0; from < 60; from++) {
      for (int to = from + 1; to <= 60; to++) {
        List<GridRows> grids = GridRows.of(from, to - from, 4, 5);
        assertThat(grids).hasSizeLessThanOrEqualTo(5);
        int at = from;
        for (GridRows grid : grids) {
          assertThat(grid.row()).isEqualTo(at - from);
          assertThat((grid.t() * 4 + grid.h()) * 5 + grid.w()).isEqualTo(at);
          assertThat(grid.columns() == 5 || grid.frames() * grid.lines() == 1).isTrue();
          assertThat(grid.lines() == 4 || grid.frames() == 1).isTrue();
          at += grid.rows();
        }
        assertThat(at).isEqualTo(to);
      }
    }
  }
}
