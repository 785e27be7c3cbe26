package org.t3jvm.tensor.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species of this process and their loads and stores. The width is the machine's
 * preferred one, between 128 and 512 bits, unless {@link VectorWidth} forces another.
 */
public final class Lanes {
  /** Vectors of floats. */
  public static final VectorSpecies<Float> F = VectorSpecies.of(float.class, shape());

  /** Vectors of ints, as many lanes as {@link #F}. */
  public static final VectorSpecies<Integer> I = F.withLanes(int.class);

  /** Vectors of shorts, as many lanes as {@link #F} and half as wide. */
  public static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** Lanes of {@link #F}. */
  public static final int COUNT = F.length();

  private static final VectorShuffle<Float> HALF = rotation(2);
  private static final VectorShuffle<Float> QUARTER = rotation(4);
  private static final VectorShuffle<Float> EIGHTH = rotation(8);
  private static final VectorShuffle<Float> SIXTEENTH = rotation(16);

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);

  private Lanes() {}

  private static VectorShape shape() {
    int forced = VectorWidth.forcedBits();
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return VectorShape.forBitSize(forced != 0 ? forced : Math.clamp(preferred, 128, 512));
  }

  /** As {@code AVX-512 (512-bit vectors)}. */
  public static String description() {
    int bits = F.vectorBitSize();
    String arch = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
    String family =
        switch (arch) {
          case "amd64", "x86_64" -> bits == 512 ? "AVX-512" : bits == 256 ? "AVX2" : "SSE";
          case "aarch64" -> bits == 128 ? "NEON" : "SVE";
          default -> arch;
        };
    String forced = VectorWidth.forcedBits() == 0 ? "" : ", forced by " + VectorWidth.PROPERTY;
    return "%s (%d-bit vectors%s)".formatted(family, bits, forced);
  }

  public static float get(MemorySegment segment, long index) {
    return segment.get(FLOAT, index << 2);
  }

  public static void set(MemorySegment segment, long index, float value) {
    segment.set(FLOAT, index << 2, value);
  }

  /** Floats {@code [index, index + COUNT)} of a segment, which need no alignment. */
  public static FloatVector load(MemorySegment segment, long index) {
    return FloatVector.fromMemorySegment(F, segment, index << 2, ORDER);
  }

  /** The floats from {@code index} on that {@code mask} selects; other lanes are 0. */
  public static FloatVector load(MemorySegment segment, long index, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F, segment, index << 2, ORDER, mask);
  }

  public static void store(FloatVector vector, MemorySegment segment, long index) {
    vector.intoMemorySegment(segment, index << 2, ORDER);
  }

  public static void store(
      FloatVector vector, MemorySegment segment, long index, VectorMask<Float> mask) {
    vector.intoMemorySegment(segment, index << 2, ORDER, mask);
  }

  /** Selects the first {@code count} lanes, for what is left of a row. */
  public static VectorMask<Float> first(long count) {
    return F.indexInRange(0, count);
  }

  /** Sum of the first {@link #COUNT} elements, see {@link #sum(float[], int)}. */
  public static float sum(float[] lanes) {
    return sum(lanes, 0);
  }

  /**
   * Sum of {@link #COUNT} elements: the lanes of a vector in a fixed order, which {@code
   * reduceLanes} does not promise. It takes the array because a vector that is passed to a method
   * which C2 does not inline becomes an object.
   */
  public static float sum(float[] lanes, int at) {
    FloatVector v = FloatVector.fromArray(F, lanes, at);
    v = v.add(v.rearrange(HALF));
    v = v.add(v.rearrange(QUARTER));
    if (COUNT >= 8) {
      v = v.add(v.rearrange(EIGHTH));
    }
    if (COUNT >= 16) {
      v = v.add(v.rearrange(SIXTEENTH));
    }
    return v.lane(0);
  }

  private static VectorShuffle<Float> rotation(int fraction) {
    return VectorShuffle.iota(F, COUNT / fraction, 1, true);
  }
}
