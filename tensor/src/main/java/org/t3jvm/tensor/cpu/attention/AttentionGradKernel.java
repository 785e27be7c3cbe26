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
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Gradients of an attention, block of keys after block of keys: each meets the queries that attend
 * to any of them, whose weights come from the saved logarithms of the sums. Five products a pair of
 * blocks; the gradients of keys and values stay in scratch, those of the queries grow in memory. A
 * task has some of the key blocks of a tile and a head; where a tile's are divided among tasks,
 * each has query gradients of its own, which {@link SumQueryGradients} adds up.
 */
final class AttentionGradKernel implements CpuKernel {
  private static final float LOG2_E = 1.4426950408889634f;

  private final AttentionGradPlan plan;
  private final Op.Attention op;
  private final GradBlocks b;
  private final int dim;
  private final int columns;
  private final int keysAtMost;

  AttentionGradKernel(AttentionGradPlan plan) {
    this.plan = plan;
    this.op = plan.grad().attention();
    this.dim = op.headDim();
    this.columns = op.q().shape().intDim(1);
    this.b = GradBlocks.of(dim);
    this.keysAtMost = b.keysAtMost();
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(Math.multiplyExact(plan.tiles().size(), op.heads()), plan.splits());
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
    AttentionGradPlan.TileBlocks tile = plan.tiles().get(task / plan.splits() / op.heads());
    // What panels have beyond d and beyond the keys is multiplied too, but no sum that counts has
    // it.
    Arrays.fill(x, b.row(), b.floats(), 0);
    int keyBlocks = tile.keys().size();
    int from = keyBlocks * split / plan.splits();
    int to = keyBlocks * (split + 1) / plan.splits();
    boolean all = from < to && tile.keys().get(from).tile().sliding() == null;
    if (!all) {
      clearQueries(frame, tile.queries(), head, split);
    }
    for (int block = from; block < to; block++) {
      keyBlock(frame, tile.keys().get(block), head, split, all && block == from, x);
    }
  }

  private long at(long row, int head) {
    return row * columns + (long) head * dim;
  }

  private void keyBlock(
      Frame frame, KeyBlocks block, int head, int split, boolean first, float[] x) {
    RowMap.Tile tile = block.tile();
    int firstKey = block.first();
    int keys = block.count();
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
      scores(b.queryRows(), b.keysTransposed(), queries, keys, b.weights(), x);
      scores(b.gradientRows(), b.valuesTransposed(), queries, keys, b.scores(), x);
      for (int i = 0; i < queries; i++) {
        long row = tile.queries().row(firstQuery + i);
        mask(tile, row, keys, i, x);
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
    for (int i = 0; i < keys; i++) {
      long from = at(tile.key(first + i), head);
      int transposed = i / Tile.COLUMNS * dim * Tile.COLUMNS + i % Tile.COLUMNS;
      FloatCopies.load(v, from, dim, x, b.row());
      transpose(x, b.valuesTransposed() + transposed);
      FloatCopies.load(k, from, dim, x, b.row());
      transpose(x, b.keysTransposed() + transposed);
      toPanels(x, b.keys() + i * Tile.COLUMNS, keysAtMost);
    }
  }

  /** Notes where the keys of a block lie in their frame. */
  private void noteKeys(RowMap.Tile tile, int first, int keys, float[] x) {
    for (int i = 0; i < keys; i++) {
      long row = tile.key(first + i);
      x[b.keyRow() + i] = tile.box().rowH(row);
      x[b.keyColumn() + i] = tile.box().rowW(row);
    }
  }

  /** Gives keys outside of a query's window no weight. */
  private void mask(RowMap.Tile tile, long query, int keys, int i, float[] x) {
    RowMap.SlidingWindows sliding = tile.sliding();
    if (sliding == null) {
      return;
    }
    int h = sliding.h().start(tile.queries().rowH(query));
    int w = sliding.w().start(tile.queries().rowW(query));
    if (sliding.h().holds(h, tile.box().h()) && sliding.w().holds(w, tile.box().w())) {
      return;
    }
    for (int key = 0; key < keys; key += Lanes.COUNT) {
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

  private void loadQueries(
      Frame frame, RowMap.Tile tile, int head, int first, int queries, float[] x) {
    MemorySegment q = frame.segment(op.q());
    MemorySegment dy = frame.segment(plan.grad().dy());
    for (int i = 0; i < queries; i++) {
      long from = at(tile.queries().row(first + i), head);
      load(dy, from, 1, b.gradientRows(), b.gradients(), i, x);
      load(q, from, op.scale(), b.queryRows(), b.queries(), i, x);
    }
  }

  /** Loads row i of a block, times the scale, as a row and into panels. */
  private void load(
      MemorySegment source, long from, float scale, int rows, int panels, int i, float[] x) {
    for (int c = 0; c < dim; c += Tile.DEPTH) {
      int count = Math.min(Tile.DEPTH, dim - c);
      int row = rows + c * GradBlocks.QUERIES + i * Tile.DEPTH;
      FloatCopies.load(source, from + c, count, x, row);
      int panel = panels + c * GradBlocks.QUERIES + i * Tile.COLUMNS;
      for (int k = 0; k < count; k += Lanes.COUNT) {
        int to = panel + k / Tile.COLUMNS * Tile.COLUMNS * GradBlocks.QUERIES + k % Tile.COLUMNS;
        FloatVector part = FloatVector.fromArray(Lanes.F, x, row + k).mul(scale);
        part.intoArray(x, row + k);
        part.intoArray(x, to);
      }
    }
  }

  /** {@code to [queries, keys] += rows right}, chunk of d after chunk. */
  private void scores(int left, int right, int queries, int keys, int to, float[] x) {
    for (int panel = 0; panel < Tile.panels(keys); panel++) {
      int p = right + panel * dim * Tile.COLUMNS;
      int s = to + panel * GradBlocks.QUERIES * Tile.COLUMNS;
      int width = keys - panel * Tile.COLUMNS;
      for (int c = 0; c < dim; c += Tile.DEPTH) {
        int depth = Math.min(Tile.DEPTH, dim - c);
        for (int i = 0; i < queries; i += Tile.ROWS) {
          int a = left + c * GradBlocks.QUERIES + i * Tile.DEPTH;
          int sums = s + i * Tile.COLUMNS;
          MicroKernel.multiply(x, a, x, p + c * Tile.COLUMNS, depth, width, x, sums);
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
    for (int key = 0; key < keys; key += Lanes.COUNT) {
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
      int c = to + panel * keysAtMost * Tile.COLUMNS;
      int width = dim - panel * Tile.COLUMNS;
      for (int key = 0; key < keys; key += WeightKernel.ROWS) {
        int w = weights + key / Tile.COLUMNS * GradBlocks.QUERIES * Tile.COLUMNS;
        int a = w + key % Tile.COLUMNS;
        WeightKernel.multiply(x, a, p, queries, width, c + key * Tile.COLUMNS);
      }
    }
  }

  private void queryGradients(int queries, int keys, float[] x) {
    Arrays.fill(x, b.queryGradients(), b.keyGradients(), 0);
    for (int panel = 0; panel < b.dimPanels(); panel++) {
      int p = b.keys() + panel * keysAtMost * Tile.COLUMNS;
      int c = b.queryGradients() + panel * GradBlocks.QUERIES * Tile.COLUMNS;
      int width = dim - panel * Tile.COLUMNS;
      for (int i = 0; i < queries; i += Tile.ROWS) {
        int a = b.scoreRows() + i * Tile.DEPTH;
        MicroKernel.multiply(x, a, x, p, keys, width, x, c + i * Tile.COLUMNS);
      }
    }
  }

  /** Makes the gradients of a tile's queries zero, where its first block has not all of them. */
  private void clearQueries(Frame frame, RowBox queries, int head, int split) {
    for (int i = 0; i < queries.rows(); i++) {
      long from = queryGradient(queries.row(i), head, split) << 2;
      queryGradients(frame).asSlice(from, (long) dim << 2).fill((byte) 0);
    }
  }

  private MemorySegment queryGradients(Frame frame) {
    return plan.splits() == 1 ? frame.segment(plan.out()) : frame.temporary();
  }

  /** Where the gradients of a query lie, from the start of their segment. */
  private long queryGradient(long row, int head, int split) {
    return (plan.splits() == 1 ? 0 : plan.partial(split)) + at(row, head);
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
    MemorySegment to = queryGradients(frame);
    for (int i = 0; i < queries; i++) {
      long row = queryGradient(tile.queries().row(firstQuery + i), head, split);
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
        int panel = c / Tile.COLUMNS * keysAtMost + i;
        int at = from + panel * Tile.COLUMNS + c % Tile.COLUMNS;
        store(FloatVector.fromArray(Lanes.F, x, at), out, row + c, dim - c, true);
      }
    }
  }
}
