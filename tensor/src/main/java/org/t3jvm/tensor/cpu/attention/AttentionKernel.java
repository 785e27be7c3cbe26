package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.MicroKernel;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.Value;

/**
 * Attention of every tile and head of a pass. A task holds one block of a tile's queries,
 * transposed, and goes through their keys block by block, as {@link PackKeys} left them: scores as
 * keys times queries, running softmax, result as weights times values. Where windows slide, the
 * keys are those in the window of any of the queries, brought together from all over the tile.
 */
final class AttentionKernel implements CpuKernel {
  /** What happens to the result. */
  enum Result {
    WRITE,
    ADD,
    /** Written, and the logarithms of the sums after all results. */
    SAVE
  }

  private static final float LOG2_E = 1.4426950408889634f;

  private final Op.Attention op;
  private final Value out;
  private final Units units;
  private final RowMap.Pass pass;
  private final Result result;
  private final int columns;
  private final int dim;
  private final QueryBlocks queryBlocks;
  private final Blocks blocks;

  AttentionKernel(Op.Attention op, Value out, RowMap.Pass pass, Units units, Result result) {
    this.op = op;
    this.out = out;
    this.pass = pass;
    this.units = units;
    this.result = result;
    this.columns = op.q().shape().intDim(1);
    this.dim = op.headDim();
    this.blocks = Blocks.of(dim, pass.mostQueries());
    this.queryBlocks = QueryBlocks.of(pass, blocks.queries());
  }

  /** As many for each unit as the largest tile needs; a smaller one may leave its last idle. */
  @Override
  public int tasks() {
    return Math.multiplyExact(units.count(), queryBlocks.each());
  }

  @Override
  public int scratchFloats() {
    return blocks.floats();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] x = own.floats();
    int block = task % queryBlocks.each();
    int unit = task / queryBlocks.each();
    int head = units.head(unit);
    int number = units.tile(unit);
    RowMap.Tile tile = queryBlocks.tile(number, block);
    int firstQuery = queryBlocks.first(number, block);
    int queries = queryBlocks.count(number, block);
    if (queries <= 0) {
      return;
    }
    packQueries(frame.segment(op.q()), tile.queries(), head, firstQuery, queries, x);
    Arrays.fill(x, blocks.o(), blocks.max(), 0);
    Arrays.fill(x, blocks.max(), blocks.sum(), OnlineSoftmax.LOWEST);
    Arrays.fill(x, blocks.sum(), blocks.rescale(), 0);
    MemorySegment packed = frame.temporary();
    RowMap.SlidingWindows sliding = tile.sliding();
    if (sliding == null) {
      attendToAll(packed, unit, tile.keys(), firstQuery, queries, ScoreBias.of(op, frame, head), x);
    } else {
      WindowMask mask = WindowMask.of(blocks, sliding, tile.queries(), queries, x);
      attendToWindows(packed, unit, tile, queries, mask, x);
    }
    write(frame.segment(out), tile.queries(), head, firstQuery, queries, x);
  }

  /** Goes through the unit's keys as they lie. */
  private void attendToAll(
      MemorySegment packed,
      int unit,
      int count,
      int firstQuery,
      int queries,
      @Nullable ScoreBias bias,
      float[] x) {
    for (int firstKey = 0; firstKey < count; firstKey += Blocks.KEYS) {
      int keys = Math.min(Blocks.KEYS, count - firstKey);
      load(packed, unit, firstKey, keys, 0, x);
      scores(keys, queries, x);
      if (bias != null) {
        bias.add(firstQuery, queries, firstKey, keys, x, blocks);
      }
      weigh(keys, queries, firstKey > 0, x);
    }
  }

  /**
   * Goes through the keys of a part of a grid and the extra ones, in blocks that runs of keys of
   * one row of the grid fill. Keys of a grid are numbered as its tokens.
   */
  private void attendToWindows(
      MemorySegment packed, int unit, RowMap.Tile part, int queries, WindowMask mask, float[] x) {
    RowBox box = part.box();
    int runs = box.t().count() * box.h().count();
    boolean started = false;
    int filled = 0;
    for (int run = 0; run <= runs; run++) {
      boolean extra = run == runs;
      int next = extra ? part.extra().start() : (int) box.row(run * box.w().count());
      int end = next + (extra ? part.extra().count() : box.w().count());
      int column = box.w().start() - next;
      while (next < end) {
        int inBlock = Blocks.KEYS - next % Blocks.KEYS;
        int count = Math.min(Math.min(Blocks.KEYS - filled, inBlock), end - next);
        load(packed, unit, next, count, filled, x);
        if (extra) {
          mask.noteExtra(filled, count, x);
        } else {
          mask.note(filled, count, box.h().at(run % box.h().count()), column + next, x);
        }
        next += count;
        filled += count;
        if (filled == Blocks.KEYS) {
          attendToWindow(filled, queries, started, mask, x);
          started = true;
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      attendToWindow(filled, queries, started, mask, x);
    }
  }

  private void attendToWindow(int keys, int queries, boolean started, WindowMask mask, float[] x) {
    scores(keys, queries, x);
    mask.apply(keys, x);
    weigh(keys, queries, started, x);
  }

  private long at(long row, int head) {
    return row * columns + (long) head * dim;
  }

  private void packQueries(
      MemorySegment q, RowBox rows, int head, int first, int queries, float[] x) {
    float scale = op.scale() * LOG2_E;
    Arrays.fill(x, blocks.q(), blocks.k(), 0);
    for (int i = 0; i < queries; i++) {
      FloatCopies.load(q, at(rows.row(first + i), head), dim, x, blocks.row());
      int panel = blocks.q() + i / Tile.COLUMNS * dim * Tile.COLUMNS + i % Tile.COLUMNS;
      for (int c = 0; c < dim; c++) {
        x[panel + c * Tile.COLUMNS] = x[blocks.row() + c] * scale;
      }
    }
  }

  /** Loads packed keys of one block, and their values, behind {@code at} others. */
  private void load(MemorySegment packed, int unit, int first, int count, int at, float[] x) {
    long block = units.at(unit, first / Blocks.KEYS);
    int from = first % Blocks.KEYS;
    for (int c = 0; c < dim; c += Tile.DEPTH) {
      int columns = Math.min(Tile.DEPTH, dim - c);
      int to = blocks.k() + c * Blocks.KEYS + at * Tile.DEPTH;
      for (int i = 0; i < count; i++) {
        long key = block + (long) (from + i) * dim + c;
        FloatCopies.load(packed, key, columns, x, to + i * Tile.DEPTH);
      }
    }
    long values = block + units.values();
    for (int panel = 0; panel < blocks.valuePanels(); panel++) {
      int rows = panel * Blocks.KEYS;
      FloatCopies.load(
          packed,
          values + (long) (rows + from) * Tile.COLUMNS,
          count * Tile.COLUMNS,
          x,
          blocks.v() + (rows + at) * Tile.COLUMNS);
    }
  }

  /**
   * Scores [keys, queries] in powers of 2; those of panels without a query are left as they are.
   */
  private void scores(int keys, int queries, float[] x) {
    Arrays.fill(x, blocks.s(), blocks.o(), 0);
    for (int panel = 0; panel < Tile.panels(queries); panel++) {
      int s = blocks.s() + panel * Blocks.KEYS * Tile.COLUMNS;
      int q = blocks.q() + panel * dim * Tile.COLUMNS;
      int columns = queries - panel * Tile.COLUMNS;
      for (int c = 0; c < dim; c += Tile.DEPTH) {
        int depth = Math.min(Tile.DEPTH, dim - c);
        int k = blocks.k() + c * Blocks.KEYS;
        for (int key = 0; key < keys; key += Tile.ROWS) {
          int a = k + key * Tile.DEPTH;
          int to = s + key * Tile.COLUMNS;
          MicroKernel.multiply(x, a, x, q + c * Tile.COLUMNS, depth, columns, x, to);
        }
      }
    }
  }

  /** Makes scores weights; whether a largest score rose, so that results must be rescaled. */
  private boolean softmax(int keys, int queries, float[] x) {
    boolean rose = false;
    for (int lane = 0; lane < queries; lane += Lanes.COUNT) {
      int panel = lane / Tile.COLUMNS;
      int s = blocks.s() + panel * Blocks.KEYS * Tile.COLUMNS + lane % Tile.COLUMNS;
      rose |=
          OnlineSoftmax.lanes(
              x, s, keys, blocks.max() + lane, blocks.sum() + lane, blocks.rescale() + lane);
    }
    return rose;
  }

  private void rescale(int queries, float[] x) {
    for (int panel = 0; panel < blocks.valuePanels(); panel++) {
      int o = blocks.o() + panel * blocks.queries() * Tile.COLUMNS;
      for (int i = 0; i < queries; i++) {
        float factor = x[blocks.rescale() + i];
        int row = o + i * Tile.COLUMNS;
        FloatVector.fromArray(Lanes.F, x, row).mul(factor).intoArray(x, row);
        FloatVector.fromArray(Lanes.F, x, row + Lanes.COUNT)
            .mul(factor)
            .intoArray(x, row + Lanes.COUNT);
      }
    }
  }

  /** Makes scores weights, and adds the weighted values to the results. */
  private void weigh(int keys, int queries, boolean started, float[] x) {
    if (softmax(keys, queries, x) && started) {
      rescale(queries, x);
    }
    addValues(keys, queries, x);
  }

  private void addValues(int keys, int queries, float[] x) {
    for (int panel = 0; panel < blocks.valuePanels(); panel++) {
      int v = blocks.v() + panel * Blocks.KEYS * Tile.COLUMNS;
      int o = blocks.o() + panel * blocks.queries() * Tile.COLUMNS;
      for (int i = 0; i < queries; i += WeightKernel.ROWS) {
        int s = blocks.s() + i / Tile.COLUMNS * Blocks.KEYS * Tile.COLUMNS + i % Tile.COLUMNS;
        WeightKernel.multiply(x, s, v, keys, dim - panel * Tile.COLUMNS, o + i * Tile.COLUMNS);
      }
    }
  }

  private void write(MemorySegment y, RowBox rows, int head, int first, int queries, float[] x) {
    for (int i = 0; i < queries; i++) {
      long to = at(rows.row(first + i), head);
      float factor = pass.share() / x[blocks.sum() + i];
      for (int c = 0; c < dim; c += Lanes.COUNT) {
        int panel = c / Tile.COLUMNS;
        int o = blocks.o() + (panel * blocks.queries() + i) * Tile.COLUMNS + c % Tile.COLUMNS;
        store(FloatVector.fromArray(Lanes.F, x, o).mul(factor), y, to + c, dim - c);
      }
      if (result == Result.SAVE) {
        double sum = x[blocks.sum() + i];
        long place = head * op.q().shape().dim(0) + rows.row(first + i);
        float logSum = (float) (x[blocks.max() + i] / LOG2_E + Math.log(sum));
        Lanes.set(y, op.q().shape().elements() + place, logSum);
      }
    }
  }

  /** Stores the first {@code count} lanes, or adds them to what is there. */
  private void store(FloatVector values, MemorySegment y, long at, int count) {
    if (count >= Lanes.COUNT) {
      Lanes.store(result != Result.ADD ? values : values.add(Lanes.load(y, at)), y, at);
      return;
    }
    VectorMask<Float> mask = Lanes.first(count);
    FloatVector sum = result != Result.ADD ? values : values.add(Lanes.load(y, at, mask));
    Lanes.store(sum, y, at, mask);
  }
}
