package org.t3jvm.tensor.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A random generator whose streams equal those of {@code torch.Generator("cpu")} with the same
 * seed, bit for bit (SPEC 11). It is stateful and not thread-safe: consecutive calls continue the
 * stream as consecutive torch calls on one generator do.
 */
public final class TorchRandom {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = BoxMuller.BLOCK;
  private static final float UNIFORM_STEP = 0x1p-24f;
  private static final double UNIFORM_DOUBLE_STEP = 0x1p-53;

  private final Mt19937 engine;
  private final float[] block = new float[BLOCK];
  private boolean hasCachedNormal;
  private double cachedNormal;

  /**
   * A generator in the state that {@code manual_seed(seed)} gives: only the low 32 bits count, as
   * in torch.
   */
  public TorchRandom(long seed) {
    engine = new Mt19937((int) seed);
  }

  /** The next 32 bits of the underlying Mersenne Twister, as an unsigned number. */
  public long nextWord() {
    return engine.next() & 0xFFFFFFFFL;
  }

  /** The next float in [0, 1), as {@code torch.rand} draws it: 24 bits of one word. */
  public float nextUniform() {
    return (engine.next() & 0xFFFFFF) * UNIFORM_STEP;
  }

  /**
   * An F32 tensor of {@code shape} of standard normals, equal to {@code torch.randn(shape)} drawn
   * in row-major order.
   */
  public Tensor randn(Shape shape) {
    Tensor tensor = Tensor.allocate(DType.F32, shape);
    fillNormal(tensor.segment());
    return tensor;
  }

  /** Fills an array with standard normals, as one call of {@code torch.randn} would. */
  public void fillNormal(float[] values) {
    int count = values.length;
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        values[i] = (float) nextNormal();
      }
      return;
    }
    int whole = count & -BLOCK;
    for (int i = 0; i < whole; i += BLOCK) {
      drawBlock();
      System.arraycopy(block, 0, values, i, BLOCK);
    }
    if (whole < count) {
      redrawTail(count - whole);
      System.arraycopy(block, 0, values, count - BLOCK, BLOCK);
    }
  }

  /**
   * Fills a segment of little-endian floats with standard normals, as one call of {@code
   * torch.randn} would.
   *
   * @throws IllegalArgumentException if the segment is not a whole number of floats
   */
  public void fillNormal(MemorySegment values) {
    if ((values.byteSize() & 3) != 0) {
      throw new IllegalArgumentException(
          "fillNormal: a segment of "
              + values.byteSize()
              + " bytes is not a whole number of floats");
    }
    long count = values.byteSize() >>> 2;
    if (count < BLOCK) {
      for (long i = 0; i < count; i++) {
        values.set(F32, i << 2, (float) nextNormal());
      }
      return;
    }
    long whole = count & -BLOCK;
    for (long i = 0; i < whole; i += BLOCK) {
      drawBlock();
      MemorySegment.copy(block, 0, values, F32, i << 2, BLOCK);
    }
    if (whole < count) {
      redrawTail((int) (count - whole));
      MemorySegment.copy(block, 0, values, F32, (count - BLOCK) << 2, BLOCK);
    }
  }

  /**
   * Gives the last 16 values of a fill whose count is no multiple of 16: torch first draws uniforms
   * for the {@code rest} values past the last whole block, then throws them away and draws 16 new
   * ones over the end of the array.
   */
  private void redrawTail(int rest) {
    for (int i = 0; i < rest; i++) {
      engine.next();
    }
    drawBlock();
  }

  private void drawBlock() {
    for (int i = 0; i < BLOCK; i++) {
      block[i] = nextUniform();
    }
    BoxMuller.transform(block);
  }

  /** The scalar path that torch takes below 16 values; the sine half waits for the next call. */
  private double nextNormal() {
    if (hasCachedNormal) {
      hasCachedNormal = false;
      return cachedNormal;
    }
    double angle = 2 * Math.PI * nextUniformDouble();
    double radius = Math.sqrt(-2 * StrictMath.log1p(-nextUniformDouble()));
    cachedNormal = radius * StrictMath.sin(angle);
    hasCachedNormal = true;
    return radius * StrictMath.cos(angle);
  }

  private double nextUniformDouble() {
    long high = (long) engine.next() << 32;
    long bits = high | nextWord();
    return (bits & ((1L << 53) - 1)) * UNIFORM_DOUBLE_STEP;
  }
}
