package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Rounds the keys and values of some of a pass's units to BF16, block after block, into the
 * temporary memory: keys as rows, values as columns, since both are rows of a tile. A task packs
 * one block.
 *
 * @param first number of the first unit, a pair of a tile and a head, heads fastest
 * @param count units
 */
record PackRoundedKeys(
    Op.Attention op, RowMap.Pass pass, RoundedBlocks blocks, int first, int count)
    implements CpuKernel {
  private static final int KEYS = RoundedBlocks.KEYS;
  private static final ValueLayout.OfInt PAIR =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private int blocksEach() {
    return Math.ceilDiv(pass.mostKeys(), KEYS);
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(count, blocksEach());
  }

  /** Two rows of values and their pairs, whole vectors of each. */
  @Override
  public int scratchFloats() {
    return 3 * stride();
  }

  private int stride() {
    return Math.ceilDiv(blocks.dim(), Lanes.COUNT) * Lanes.COUNT;
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int unit = first + task / blocksEach();
    int block = task % blocksEach();
    RowMap.Tile tile = pass.tiles().get(unit / op.heads());
    int keys = Math.min(KEYS, tile.keys() - block * KEYS);
    if (keys <= 0) {
      return;
    }
    int dim = blocks.dim();
    long column = (long) (unit % op.heads()) * dim;
    long width = op.k().shape().dim(1);
    MemorySegment packed = frame.temporary();
    long to = task * blocks.blockBytes();
    for (int i = 0; i < keys; i++) {
      long from = tile.key(block * KEYS + i) * width + column;
      Pairs.round(frame.segment(op.k()), from, dim, packed, to + i * blocks.keyRow());
    }
    float[] x = scratch.floats();
    for (int i = 0; i < keys; i += 2) {
      load(frame, tile.key(block * KEYS + i) * width + column, x, 0);
      if (i + 1 < keys) {
        load(frame, tile.key(block * KEYS + i + 1) * width + column, x, stride());
      } else {
        Arrays.fill(x, stride(), 2 * stride(), 0);
      }
      for (int c = 0; c < dim; c += Lanes.COUNT) {
        Pairs.of(
                FloatVector.fromArray(Lanes.F, x, c),
                FloatVector.fromArray(Lanes.F, x, stride() + c))
            .reinterpretAsFloats()
            .intoArray(x, 2 * stride() + c);
      }
      long at = to + blocks.values() + (long) i / 2 * Tiles.PAIR;
      for (int c = 0; c < dim; c++) {
        packed.set(PAIR, at + c * blocks.valueRow(), Float.floatToRawIntBits(x[2 * stride() + c]));
      }
    }
  }

  private void load(Frame frame, long from, float[] x, int at) {
    FloatCopies.load(frame.segment(op.v()), from, blocks.dim(), x, at);
  }
}
