package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.HalfFloats;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Embedding}: table [V, D] and ids [S...] to [S..., D]. */
public final class EmbeddingKernel extends RangeKernel {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Op.Embedding op;
  private final Value out;
  private final long rows;
  private final long width;
  private final @Nullable ScaledRows scaled;

  public EmbeddingKernel(Op.Embedding op, Value out) {
    super(op.ids().shape().elements(), op.table().shape().dim(1));
    this.op = op;
    this.out = out;
    this.rows = op.table().shape().dim(0);
    this.width = op.table().shape().dim(1);
    this.scaled = ScaledRows.of(op.table());
  }

  @Override
  public int scratchFloats() {
    return scaled == null ? 0 : ScaledRows.BUFFER;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment ids = frame.segment(op.ids());
    MemorySegment y = frame.segment(out);
    for (long i = from; i < to; i++) {
      long id = ids.get(LONG, i << 3);
      if (id < 0 || id >= rows) {
        throw new BackendException(
            "%s: id %d at position %d is outside of table %s with V = %d rows"
                .formatted(out, id, i, op.table(), rows));
      }
      if (scaled != null) {
        scaled.copy(frame, id, y, i * width, scratch);
      } else {
        MemorySegment table = frame.segment(op.table());
        HalfFloats.widen(op.table().dtype(), table, id * width, y, i * width, width);
      }
    }
  }
}
