package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Float8;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Rows of {@link Op.Scaled} values, codes times scales, each product rounded once to F32. */
public final class ScaledRows {
  /** Floats that {@link #copy} needs as scratch. */
  static final int BUFFER = 1024;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Vectors of as many bytes as {@link Lanes#F} has lanes, but no vector is narrower than 64. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(
          byte.class, VectorShape.forBitSize(Math.max(64, Lanes.F.vectorBitSize() / 4)));

  private static final int BYTES = B.length();

  private final Value codes;
  private final Value scales;
  private final long width;
  private final long block;
  private final long blocks;
  private final boolean shared;

  public ScaledRows(Op.Scaled op) {
    this.codes = op.codes();
    this.scales = op.scales();
    this.width = codes.shape().inner(0);
    this.block = op.block();
    this.blocks = scales.shape().dim(1);
    this.shared = scales.shape().dim(0) == 1;
  }

  /** The rows of a value, if they are to be read as codes and scales. */
  public static @Nullable ScaledRows of(Value value) {
    return value.op() instanceof Op.Scaled scaled ? new ScaledRows(scaled) : null;
  }

  /** Writes elements {@code [from, from + count)} of a row to {@code target}. */
  public void read(Frame frame, long row, long from, int count, float[] target, int at) {
    MemorySegment code = frame.segment(codes);
    MemorySegment scale = frame.segment(scales);
    long start = row * width;
    long firstScale = shared ? 0 : row * blocks;
    long end = from + count;
    for (long k = from; k < end; ) {
      long next = Math.min(end, (k / block + 1) * block);
      int length = (int) (next - k);
      float factor = Lanes.get(scale, firstScale + k / block);
      switch (codes.dtype()) {
        case F8_E4M3 -> widen(code, start + k, factor, target, at, length);
        case F8_E5M2 -> widenE5m2(code, start + k, factor, target, at, length);
        default -> scale(code, start + k, factor, target, at, length);
      }
      at += length;
      k = next;
    }
  }

  /** Whether codes are I8, and each block of so many has a scale of its own. */
  public boolean isInt8(int steps) {
    return codes.dtype() == DType.I8 && block == steps && !shared;
  }

  /** Writes codes {@code [from, from + count)} of a row of I8 to {@code target}. */
  public void readCodes(Frame frame, long row, long from, int count, float[] target, int at) {
    scale(frame.segment(codes), row * width + from, 1, target, at, count);
  }

  /** The scale of a block of a row, where each row has its own. */
  public float scale(Frame frame, long row, long index) {
    return Lanes.get(frame.segment(scales), row * blocks + index);
  }

  /** Writes a whole row to {@code target} from element {@code to} on. */
  void copy(Frame frame, long row, MemorySegment target, long to, float[] scratch) {
    for (long from = 0; from < width; from += BUFFER) {
      int count = (int) Math.min(BUFFER, width - from);
      read(frame, row, from, count, scratch, 0);
      MemorySegment.copy(
          scratch, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, (to + from) << 2, count);
    }
  }

  private static void widen(
      MemorySegment codes, long from, float scale, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = Float8.toFloat(codes.get(ValueLayout.JAVA_BYTE, from + i)) * scale;
    }
  }

  private static void widenE5m2(
      MemorySegment codes, long from, float scale, float[] target, int at, int count) {
    for (int i = 0; i < count; i++) {
      target[at + i] = Float8.e5m2ToFloat(codes.get(ValueLayout.JAVA_BYTE, from + i)) * scale;
    }
  }

  private static void scale(
      MemorySegment codes, long from, float scale, float[] target, int at, int count) {
    int i = 0;
    for (; i + BYTES <= count; i += BYTES) {
      ByteVector code = ByteVector.fromMemorySegment(B, codes, from + i, ORDER);
      for (int part = 0; part < BYTES / Lanes.COUNT; part++) {
        FloatVector value = (FloatVector) code.convertShape(VectorOperators.B2F, Lanes.F, part);
        value.mul(scale).intoArray(target, at + i + part * Lanes.COUNT);
      }
    }
    for (; i < count; i++) {
      target[at + i] = codes.get(ValueLayout.JAVA_BYTE, from + i) * scale;
    }
  }
}
