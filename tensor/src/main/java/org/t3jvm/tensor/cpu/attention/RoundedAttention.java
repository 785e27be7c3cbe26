package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.Value;

/**
 * Attention whose products take BF16: queries, keys, values and weights are rounded, scores and
 * sums are F32. A task holds one block of a tile's queries, panel by panel, and goes through their
 * keys as {@link PackRoundedKeys} left them: scores as keys times queries, running softmax, result
 * as values times weights, both with queries along the columns.
 */
final class RoundedAttention implements CpuKernel {
  private static final float LOG2_E = 1.4426950408889634f;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt PAIR = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final long PANEL_ROW = (long) Tiles.COLUMNS * Float.BYTES;

  private final Op.Attention op;
  private final Value out;
  private final RowMap.Pass pass;
  private final Tiles tiles;
  private final boolean adds;
  private final int first;
  private final int count;
  private final RoundedBlocks blocks;
  private final QueryBlocks queryBlocks;
  private final long unitBytes;
  private final int dim;

  /**
   * @param adds whether results are added to those of earlier passes
   * @param first number of the first unit, {@code count} in all, see {@link PackRoundedKeys}
   */
  RoundedAttention(
      Op.Attention op,
      Value out,
      RowMap.Pass pass,
      Tiles tiles,
      boolean adds,
      RoundedBlocks blocks,
      int first,
      int count) {
    this.op = op;
    this.out = out;
    this.pass = pass;
    this.tiles = tiles;
    this.adds = adds;
    this.first = first;
    this.count = count;
    this.blocks = blocks;
    this.queryBlocks = QueryBlocks.of(pass, blocks.queries());
    this.unitBytes = blocks.unitBytes(pass.mostKeys());
    this.dim = blocks.dim();
  }

  /** As many for each unit as the largest tile needs; a smaller one may leave its last idle. */
  @Override
  public int tasks() {
    return Math.multiplyExact(count, queryBlocks.each());
  }

  @Override
  public int scratchFloats() {
    return blocks.floats();
  }

  @Override
  public long scratchBytes() {
    return blocks.bytes();
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int block = task % queryBlocks.each();
    int local = task / queryBlocks.each();
    int head = (first + local) % op.heads();
    int number = (first + local) / op.heads();
    RowMap.Tile tile = queryBlocks.tile(number, block);
    int firstQuery = queryBlocks.first(number, block);
    int queries = queryBlocks.count(number, block);
    if (queries <= 0) {
      return;
    }
    int panels = Math.ceilDiv(queries, Tiles.COLUMNS);
    packQueries(frame, tile.queries(), head, firstQuery, queries, scratch);
    Arrays.fill(scratch.floats(), blocks.max(0), blocks.sum(0), OnlineSoftmax.LOWEST);
    Arrays.fill(scratch.floats(), blocks.sum(0), blocks.rescale(), 0);
    for (int firstKey = 0; firstKey < tile.keys(); firstKey += RoundedBlocks.KEYS) {
      int keys = Math.min(RoundedBlocks.KEYS, tile.keys() - firstKey);
      long packed = local * unitBytes + (long) firstKey / RoundedBlocks.KEYS * blocks.blockBytes();
      for (int panel = 0; panel < panels; panel++) {
        attend(frame.temporary(), packed, keys, panel, firstKey > 0, scratch);
      }
    }
    for (int query = 0; query < queries; query++) {
      long row = tile.queries().row(firstQuery + query);
      write(frame.segment(out), row * op.q().shape().dim(1) + (long) head * dim, query, scratch);
    }
  }

  /** Queries as columns; those that a panel lacks are zeros. */
  private void packQueries(
      Frame frame, RowBox rows, int head, int firstQuery, int queries, Scratch scratch) {
    MemorySegment x = scratch.memory();
    float[] floats = scratch.floats();
    MemorySegment row = MemorySegment.ofArray(floats);
    int at = blocks.row();
    int pairs = blocks.dimPairs();
    int panels = Math.ceilDiv(queries, Tiles.COLUMNS);
    for (int i = 0; i < panels * Tiles.COLUMNS; i++) {
      if (i < queries) {
        long from = rows.row(firstQuery + i) * op.q().shape().dim(1) + (long) head * dim;
        Pairs.round(frame.segment(op.q()), from, dim, row, (long) at * Float.BYTES);
      } else {
        Arrays.fill(floats, at, at + pairs, 0);
      }
      long to = blocks.q(i / Tiles.COLUMNS) + (long) i % Tiles.COLUMNS * Tiles.PAIR;
      for (int pair = 0; pair < pairs; pair++) {
        x.set(
            PAIR, to + (long) pair * Tiles.PANEL_PAIR, Float.floatToRawIntBits(floats[at + pair]));
      }
    }
  }

  /** One panel's queries to one block of keys. */
  private void attend(
      MemorySegment packed, long at, int keys, int panel, boolean started, Scratch scratch) {
    MemorySegment x = scratch.memory();
    tiles.multiply(
        packed,
        at,
        blocks.keyRow(),
        x,
        blocks.q(panel),
        blocks.dimPairs(),
        x,
        blocks.scores(),
        PANEL_ROW,
        keys,
        Tiles.COLUMNS,
        false);
    boolean rose = RoundedSoftmax.run(scratch, blocks, panel, keys, op.scale() * LOG2_E);
    if (rose && started) {
      rescale(panel, scratch);
    }
    tiles.multiply(
        packed,
        at + blocks.values(),
        blocks.valueRow(),
        x,
        blocks.weights(),
        Pairs.count(keys),
        x,
        blocks.o(panel),
        PANEL_ROW,
        dim,
        Tiles.COLUMNS,
        started);
  }

  private void rescale(int panel, Scratch scratch) {
    MemorySegment x = scratch.memory();
    long o = blocks.o(panel) / Float.BYTES;
    for (int lane = 0; lane < Tiles.COLUMNS; lane += Lanes.COUNT) {
      FloatVector factor =
          FloatVector.fromArray(Lanes.F, scratch.floats(), blocks.rescale() + lane);
      for (int c = 0; c < dim; c++) {
        long at = o + (long) c * Tiles.COLUMNS + lane;
        Lanes.store(Lanes.load(x, at).mul(factor), x, at);
      }
    }
  }

  private void write(MemorySegment y, long to, int query, Scratch scratch) {
    MemorySegment x = scratch.memory();
    int panel = query / Tiles.COLUMNS;
    int column = query % Tiles.COLUMNS;
    float factor = pass.share() / scratch.floats()[blocks.sum(panel) + column];
    long o = blocks.o(panel) / Float.BYTES + column;
    for (int c = 0; c < dim; c++) {
      float value = Lanes.get(x, o + (long) c * Tiles.COLUMNS) * factor;
      Lanes.set(y, to + c, adds ? Lanes.get(y, to + c) + value : value);
    }
  }
}
