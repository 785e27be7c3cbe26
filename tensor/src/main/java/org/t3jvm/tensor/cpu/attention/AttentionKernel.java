package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.MicroKernel;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Kernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Attention of every group and head. A task holds one block of a group's queries, transposed, and
 * goes through the group's keys block by block, as {@link PackKeys} left them: scores as keys times
 * queries, running softmax, result as weights times values.
 */
final class AttentionKernel implements Kernel {
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
  private final RowGroups rows;
  private final Units units;
  private final float share;
  private final Result result;
  private final int columns;
  private final int dim;
  private final Blocks blocks;
  private final int queryBlocks;

  AttentionKernel(
      Op.Attention op, Value out, RowGroups rows, Units units, float share, Result result) {
    this.op = op;
    this.out = out;
    this.rows = rows;
    this.units = units;
    this.share = share;
    this.result = result;
    this.columns = op.q().shape().intDim(1);
    this.dim = op.headDim();
    this.blocks = Blocks.of(dim, rows.mostQueries());
    this.queryBlocks = Math.ceilDiv(rows.mostQueries(), blocks.queries());
  }

  /** As many for each unit as the largest group needs; a smaller one may leave its last idle. */
  @Override
  public int tasks() {
    return Math.multiplyExact(units.count(), queryBlocks);
  }

  @Override
  public int scratchFloats() {
    return blocks.floats();
  }

  @Override
  public void run(int task, Frame frame, float[] x) {
    int firstQuery = task % queryBlocks * blocks.queries();
    int unit = task / queryBlocks;
    int head = units.head(unit);
    int group = units.group(unit);
    int queries = Math.min(blocks.queries(), rows.queries(group) - firstQuery);
    if (queries <= 0) {
      return;
    }
    packQueries(frame.segment(op.q()), group, head, firstQuery, queries, x);
    Arrays.fill(x, blocks.o(), blocks.max(), 0);
    Arrays.fill(x, blocks.max(), blocks.sum(), OnlineSoftmax.LOWEST);
    Arrays.fill(x, blocks.sum(), blocks.rescale(), 0);
    MemorySegment packed = frame.temporary();
    @Nullable ScoreBias bias = ScoreBias.of(op, frame, head);
    int ofGroup = rows.keys(group);
    for (int firstKey = 0; firstKey < ofGroup; firstKey += Blocks.KEYS) {
      int keys = Math.min(Blocks.KEYS, ofGroup - firstKey);
      long block = units.at(unit, firstKey / Blocks.KEYS);
      loadKeys(packed, block, keys, x);
      FloatCopies.load(packed, block + units.values(), units.valueFloats(), x, blocks.v());
      scores(keys, x);
      if (bias != null) {
        bias.add(firstQuery, queries, firstKey, keys, x, blocks);
      }
      if (softmax(keys, x) && firstKey > 0) {
        rescale(queries, x);
      }
      weigh(keys, queries, x);
    }
    write(frame.segment(out), group, head, firstQuery, queries, x);
  }

  private long at(long row, int head) {
    return row * columns + (long) head * dim;
  }

  private void packQueries(
      MemorySegment q, int group, int head, int first, int queries, float[] x) {
    float scale = op.scale() * LOG2_E;
    Arrays.fill(x, blocks.q(), blocks.k(), 0);
    for (int i = 0; i < queries; i++) {
      FloatCopies.load(q, at(rows.query(group, first + i), head), dim, x, blocks.row());
      int panel = blocks.q() + i / Tile.COLUMNS * dim * Tile.COLUMNS + i % Tile.COLUMNS;
      for (int c = 0; c < dim; c++) {
        x[panel + c * Tile.COLUMNS] = x[blocks.row() + c] * scale;
      }
    }
  }

  private void loadKeys(MemorySegment packed, long block, int keys, float[] x) {
    for (int c = 0; c < dim; c += Tile.DEPTH) {
      int count = Math.min(Tile.DEPTH, dim - c);
      int to = blocks.k() + c * Blocks.KEYS;
      for (int i = 0; i < keys; i++) {
        FloatCopies.load(packed, block + (long) i * dim + c, count, x, to + i * Tile.DEPTH);
      }
    }
  }

  /** Scores [keys, queries] in powers of 2. */
  private void scores(int keys, float[] x) {
    Arrays.fill(x, blocks.s(), blocks.o(), 0);
    for (int panel = 0; panel < blocks.queryPanels(); panel++) {
      int s = blocks.s() + panel * Blocks.KEYS * Tile.COLUMNS;
      int q = blocks.q() + panel * dim * Tile.COLUMNS;
      for (int c = 0; c < dim; c += Tile.DEPTH) {
        int depth = Math.min(Tile.DEPTH, dim - c);
        int k = blocks.k() + c * Blocks.KEYS;
        for (int key = 0; key < keys; key += Tile.ROWS) {
          MicroKernel.multiply(
              x, k + key * Tile.DEPTH, x, q + c * Tile.COLUMNS, depth, x, s + key * Tile.COLUMNS);
        }
      }
    }
  }

  /** Makes scores weights; whether a largest score rose, so that results must be rescaled. */
  private boolean softmax(int keys, float[] x) {
    boolean rose = false;
    for (int lane = 0; lane < blocks.queries(); lane += Lanes.COUNT) {
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

  /** Adds the weighted values to the results. */
  private void weigh(int keys, int queries, float[] x) {
    for (int panel = 0; panel < blocks.valuePanels(); panel++) {
      int v = blocks.v() + panel * Blocks.KEYS * Tile.COLUMNS;
      int o = blocks.o() + panel * blocks.queries() * Tile.COLUMNS;
      for (int i = 0; i < queries; i += WeightKernel.ROWS) {
        int s = blocks.s() + i / Tile.COLUMNS * Blocks.KEYS * Tile.COLUMNS + i % Tile.COLUMNS;
        WeightKernel.multiply(x, s, v, keys, o + i * Tile.COLUMNS);
      }
    }
  }

  private void write(MemorySegment y, int group, int head, int first, int queries, float[] x) {
    for (int i = 0; i < queries; i++) {
      long to = at(rows.query(group, first + i), head);
      float factor = share / x[blocks.sum() + i];
      for (int c = 0; c < dim; c += Lanes.COUNT) {
        int panel = c / Tile.COLUMNS;
        int o = blocks.o() + (panel * blocks.queries() + i) * Tile.COLUMNS + c % Tile.COLUMNS;
        store(FloatVector.fromArray(Lanes.F, x, o).mul(factor), y, to + c, dim - c);
      }
      if (result == Result.SAVE) {
        double sum = x[blocks.sum() + i];
        long place = head * op.q().shape().dim(0) + rows.query(group, first + i);
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
