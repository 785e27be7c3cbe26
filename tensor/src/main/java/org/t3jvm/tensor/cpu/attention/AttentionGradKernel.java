package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.MicroKernel;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Gradients of an attention, block of keys after block of keys: each meets all queries of its tile,
 * whose weights come from the saved logarithms of the sums. Five products a pair of blocks; the
 * gradients of keys and values stay in scratch, those of the queries grow in memory. A task has
 * some of the key blocks of a tile and a head; where a tile's are divided among tasks, each has
 * query gradients of its own, which {@link SumQueryGradients} adds up.
 */
final class AttentionGradKernel implements CpuKernel {
  private static final float LOG2_E = 1.4426950408889634f;

  private final AttentionGradPlan plan;
  private final Op.Attention op;
  private final GradBlocks b;
  private final int dim;
  private final int columns;

  AttentionGradKernel(AttentionGradPlan plan) {
    this.plan = plan;
    this.op = plan.grad().attention();
    this.dim = op.headDim();
    this.columns = op.q().shape().intDim(1);
    this.b = new GradBlocks(dim);
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(
        Math.multiplyExact(plan.pass().tiles().size(), op.heads()), plan.splits());
  }

  @Override
  public int scratchFloats() {
    return b.floats();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] x = own.floats();
    int split = task % plan.splits();
    int head = task / plan.splits() % op.heads();
    RowMap.Tile tile = plan.pass().tiles().get(task / plan.splits() / op.heads());
    // Pads of panels are read too, and must stay finite.
    Arrays.fill(x, 0, b.floats(), 0);
    int keyBlocks = Math.ceilDiv(tile.keys(), GradBlocks.KEYS);
    int from = keyBlocks * split / plan.splits();
    int to = keyBlocks * (split + 1) / plan.splits();
    for (int block = from; block < to; block++) {
      keyBlock(frame, tile, head, split, block * GradBlocks.KEYS, block == from, x);
    }
  }

  private long at(long row, int head) {
    return row * columns + (long) head * dim;
  }

  private void keyBlock(
      Frame frame, RowMap.Tile tile, int head, int split, int firstKey, boolean first, float[] x) {
    int keys = Math.min(GradBlocks.KEYS, tile.keys() - firstKey);
    loadKeys(frame, tile, head, firstKey, keys, x);
    if (tile.sliding() != null) {
      noteKeys(tile, firstKey, keys, x);
    }
    Arrays.fill(x, b.keyGradients(), b.row(), 0);
    int ofTile = tile.queries().rows();
    for (int firstQuery = 0; firstQuery < ofTile; firstQuery += GradBlocks.QUERIES) {
      int queries = Math.min(GradBlocks.QUERIES, ofTile - firstQuery);
      loadQueries(frame, tile, head, firstQuery, queries, x);
      Arrays.fill(x, b.weights(), b.scoreRows(), 0);
      scores(b.queryRows(), b.keysTransposed(), queries, b.weights(), x);
      scores(b.gradientRows(), b.valuesTransposed(), queries, b.scores(), x);
      for (int i = 0; i < queries; i++) {
        long row = tile.queries().row(firstQuery + i);
        mask(tile, row, i, x);
        row(frame, row, head, firstKey, keys, i, x);
      }
      weigh(b.weights(), b.gradients(), queries, keys, b.valueGradients(), x);
      weigh(b.scores(), b.queries(), queries, keys, b.keyGradients(), x);
      queryGradients(queries, keys, x);
      storeQueries(frame, tile, head, split, firstQuery, queries, first, x);
    }
    MemorySegment out = frame.segment(plan.out());
    storeKeys(out, plan.atK(), b.keyGradients(), tile, head, firstKey, keys, x);
    storeKeys(out, plan.atV(), b.valueGradients(), tile, head, firstKey, keys, x);
  }

  private void loadKeys(Frame frame, RowMap.Tile tile, int head, int first, int keys, float[] x) {
    MemorySegment k = frame.segment(op.k());
    MemorySegment v = frame.segment(op.v());
    Arrays.fill(x, b.keysTransposed(), b.queryRows(), 0);
    for (int i = 0; i < keys; i++) {
      long from = at(tile.key(first + i), head);
      int transposed = i / Tile.COLUMNS * dim * Tile.COLUMNS + i % Tile.COLUMNS;
      FloatCopies.load(v, from, dim, x, b.row());
      transpose(x, b.valuesTransposed() + transposed);
      FloatCopies.load(k, from, dim, x, b.row());
      transpose(x, b.keysTransposed() + transposed);
      toPanels(x, b.keys() + i * Tile.COLUMNS, GradBlocks.KEYS);
    }
  }

  /** Notes where the keys of a block lie in their frame; no comparison holds for extra ones. */
  private void noteKeys(RowMap.Tile tile, int first, int keys, float[] x) {
    int ofBox = tile.box().rows();
    for (int i = 0; i < keys; i++) {
      long row = tile.key(first + i);
      boolean extra = first + i >= ofBox;
      x[b.keyRow() + i] = extra ? Float.NaN : tile.box().rowH(row);
      x[b.keyColumn() + i] = extra ? Float.NaN : tile.box().rowW(row);
    }
  }

  /** Gives keys outside of a query's window no weight. */
  private void mask(RowMap.Tile tile, long query, int i, float[] x) {
    RowMap.SlidingWindows sliding = tile.sliding();
    if (sliding == null) {
      return;
    }
    int h = sliding.h().start(tile.queries().rowH(query));
    int w = sliding.w().start(tile.queries().rowW(query));
    for (int key = 0; key < GradBlocks.KEYS; key += Lanes.COUNT) {
      FloatVector rows = FloatVector.fromArray(Lanes.F, x, b.keyRow() + key);
      FloatVector columns = FloatVector.fromArray(Lanes.F, x, b.keyColumn() + key);
      VectorMask<Float> outside =
          rows.compare(VectorOperators.LT, h)
              .or(rows.compare(VectorOperators.GE, h + sliding.h().size()))
              .or(columns.compare(VectorOperators.LT, w))
              .or(columns.compare(VectorOperators.GE, w + sliding.w().size()));
      int panel = key / Tile.COLUMNS * GradBlocks.QUERIES + i;
      int at = b.weights() + panel * Tile.COLUMNS + key % Tile.COLUMNS;
      FloatVector.fromArray(Lanes.F, x, at)
          .blend(Float.NEGATIVE_INFINITY, outside)
          .intoArray(x, at);
    }
  }

  private void transpose(float[] x, int to) {
    for (int c = 0; c < dim; c++) {
      x[to + c * Tile.COLUMNS] = x[b.row() + c];
    }
  }

  /** Copies the gathered row to panels of {@code height} rows. */
  private void toPanels(float[] x, int to, int height) {
    for (int c = 0; c < dim; c += Tile.COLUMNS) {
      int panel = to + c * height;
      FloatVector.fromArray(Lanes.F, x, b.row() + c).intoArray(x, panel);
      FloatVector.fromArray(Lanes.F, x, b.row() + c + Lanes.COUNT)
          .intoArray(x, panel + Lanes.COUNT);
    }
  }

  private void toRows(float[] x, int to) {
    for (int c = 0; c < dim; c += Tile.DEPTH) {
      int count = Math.min(Tile.DEPTH, dim - c);
      System.arraycopy(x, b.row() + c, x, to + c * GradBlocks.QUERIES, count);
    }
  }

  private void loadQueries(
      Frame frame, RowMap.Tile tile, int head, int first, int queries, float[] x) {
    MemorySegment q = frame.segment(op.q());
    MemorySegment dy = frame.segment(plan.grad().dy());
    for (int i = 0; i < GradBlocks.QUERIES; i++) {
      boolean present = i < queries;
      if (!present && i >= Tile.wholeRows(queries)) {
        break;
      }
      long from = present ? at(tile.queries().row(first + i), head) : 0;
      load(dy, from, present, 1, x);
      toRows(x, b.gradientRows() + i * Tile.DEPTH);
      toPanels(x, b.gradients() + i * Tile.COLUMNS, GradBlocks.QUERIES);
      load(q, from, present, op.scale(), x);
      toRows(x, b.queryRows() + i * Tile.DEPTH);
      toPanels(x, b.queries() + i * Tile.COLUMNS, GradBlocks.QUERIES);
    }
  }

  private void load(MemorySegment from, long at, boolean present, float scale, float[] x) {
    if (!present) {
      Arrays.fill(x, b.row(), b.row() + dim, 0);
      return;
    }
    FloatCopies.load(from, at, dim, x, b.row());
    if (scale != 1) {
      for (int c = 0; c < dim; c++) {
        x[b.row() + c] *= scale;
      }
    }
  }

  /** {@code to [queries, keys] += rows right}, chunk of d after chunk. */
  private void scores(int left, int right, int queries, int to, float[] x) {
    for (int panel = 0; panel < GradBlocks.KEY_PANELS; panel++) {
      int p = right + panel * dim * Tile.COLUMNS;
      int s = to + panel * GradBlocks.QUERIES * Tile.COLUMNS;
      for (int c = 0; c < dim; c += Tile.DEPTH) {
        int depth = Math.min(Tile.DEPTH, dim - c);
        for (int i = 0; i < queries; i += Tile.ROWS) {
          int a = left + c * GradBlocks.QUERIES + i * Tile.DEPTH;
          MicroKernel.multiply(x, a, x, p + c * Tile.COLUMNS, depth, x, s + i * Tile.COLUMNS);
        }
      }
    }
  }

  /** Makes the scores of a query weights, and their gradients those of the scores. */
  private void row(Frame frame, long query, int head, int firstKey, int keys, int i, float[] x) {
    long place = head * op.q().shape().dim(0) + query;
    float logSum = Lanes.get(frame.segment(plan.grad().saved()), plan.logSums() + place);
    float mean = Lanes.get(frame.temporary(), place);
    addBias(frame, head, query, firstKey, keys, i, x);
    for (int key = 0; key < GradBlocks.KEYS; key += Lanes.COUNT) {
      int at = (key / Tile.COLUMNS * GradBlocks.QUERIES + i) * Tile.COLUMNS + key % Tile.COLUMNS;
      FloatVector score = FloatVector.fromArray(Lanes.F, x, b.weights() + at);
      FloatVector weight = OnlineSoftmax.exp2(score.sub(logSum).mul(LOG2_E));
      FloatVector gradient =
          FloatVector.fromArray(Lanes.F, x, b.scores() + at).sub(mean).mul(weight);
      weight.intoArray(x, b.weights() + at);
      gradient.intoArray(x, b.scores() + at);
      gradient.intoArray(x, b.scoreRows() + i * Tile.DEPTH + key);
    }
    if (plan.grad().ofScores()) {
      MemorySegment out = frame.segment(plan.out());
      long to = plan.atScores() + place * op.k().shape().dim(0) + firstKey;
      for (int key = 0; key < keys; key++) {
        Lanes.set(out, to + key, x[b.scoreRows() + i * Tile.DEPTH + key]);
      }
    }
  }

  private void addBias(
      Frame frame, int head, long query, int firstKey, int keys, int i, float[] x) {
    @Nullable ScoreBias bias = ScoreBias.of(op, frame, head);
    if (bias == null) {
      return;
    }
    for (int key = 0; key < keys; key++) {
      int panel = key / Tile.COLUMNS * GradBlocks.QUERIES + i;
      x[b.weights() + panel * Tile.COLUMNS + key % Tile.COLUMNS] += bias.of(query, firstKey + key);
    }
  }

  /** {@code to [keys, d] += weights^T right}. */
  private void weigh(int weights, int right, int queries, int keys, int to, float[] x) {
    for (int panel = 0; panel < b.dimPanels(); panel++) {
      int p = right + panel * GradBlocks.QUERIES * Tile.COLUMNS;
      int c = to + panel * GradBlocks.KEYS * Tile.COLUMNS;
      for (int key = 0; key < keys; key += WeightKernel.ROWS) {
        int w = weights + key / Tile.COLUMNS * GradBlocks.QUERIES * Tile.COLUMNS;
        WeightKernel.multiply(x, w + key % Tile.COLUMNS, p, queries, c + key * Tile.COLUMNS);
      }
    }
  }

  private void queryGradients(int queries, int keys, float[] x) {
    Arrays.fill(x, b.queryGradients(), b.keyGradients(), 0);
    for (int panel = 0; panel < b.dimPanels(); panel++) {
      int p = b.keys() + panel * GradBlocks.KEYS * Tile.COLUMNS;
      int c = b.queryGradients() + panel * GradBlocks.QUERIES * Tile.COLUMNS;
      for (int i = 0; i < queries; i += Tile.ROWS) {
        int a = b.scoreRows() + i * Tile.DEPTH;
        MicroKernel.multiply(x, a, x, p, keys, x, c + i * Tile.COLUMNS);
      }
    }
  }

  private void storeQueries(
      Frame frame,
      RowMap.Tile tile,
      int head,
      int split,
      int firstQuery,
      int queries,
      boolean first,
      float[] x) {
    boolean alone = plan.splits() == 1;
    MemorySegment to = alone ? frame.segment(plan.out()) : frame.temporary();
    long start = alone ? 0 : plan.partial(split);
    for (int i = 0; i < queries; i++) {
      long row = start + at(tile.queries().row(firstQuery + i), head);
      for (int c = 0; c < dim; c += Lanes.COUNT) {
        int panel = c / Tile.COLUMNS * GradBlocks.QUERIES + i;
        int from = b.queryGradients() + panel * Tile.COLUMNS + c % Tile.COLUMNS;
        FloatVector part = FloatVector.fromArray(Lanes.F, x, from).mul(op.scale());
        store(part, to, row + c, dim - c, first);
      }
    }
  }

  private static void store(FloatVector part, MemorySegment to, long at, int count, boolean first) {
    if (count >= Lanes.COUNT) {
      Lanes.store(first ? part : part.add(Lanes.load(to, at)), to, at);
      return;
    }
    VectorMask<Float> mask = Lanes.first(count);
    Lanes.store(first ? part : part.add(Lanes.load(to, at, mask)), to, at, mask);
  }

  private void storeKeys(
      MemorySegment out,
      long start,
      int from,
      RowMap.Tile tile,
      int head,
      int first,
      int keys,
      float[] x) {
    for (int i = 0; i < keys; i++) {
      long row = start + at(tile.key(first + i), head);
      for (int c = 0; c < dim; c += Lanes.COUNT) {
        int panel = c / Tile.COLUMNS * GradBlocks.KEYS + i;
        int at = from + panel * Tile.COLUMNS + c % Tile.COLUMNS;
        store(FloatVector.fromArray(Lanes.F, x, at), out, row + c, dim - c, true);
      }
    }
  }
}
