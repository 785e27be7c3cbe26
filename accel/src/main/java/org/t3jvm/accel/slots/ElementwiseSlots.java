package org.t3jvm.accel.slots;

/** Slots of kernels that compute functions of single elements. */
public final class ElementwiseSlots {
  private ElementwiseSlots() {}

  public interface Unary {
    int Y = 0;
    int X = 1;
    int COUNT = 2;

    /** Which function. */
    int KIND = 3;
  }

  /** Rounding to fewer bits. */
  public interface Narrow {
    int Y = 0;
    int X = 1;
    int COUNT = 2;

    /** Exponent of the smallest normal number. */
    int SMALLEST = 3;
  }

  public interface Binary {
    int Y = 0;
    int A = 1;
    int B = 2;
    int COUNT = 3;

    /** Which function. */
    int KIND = 4;

    int AXES = 5;

    /** For each axis: extent, distances in a and b. */
    int AXIS = 6;
  }

  public interface Modulate {
    int Y = 0;
    int X = 1;
    int SCALE = 2;
    int SHIFT = 3;
    int COUNT = 4;

    /** Which function. */
    int KIND = 5;

    int AXES = 6;

    /** For each axis: extent, distances in x, scale and shift. */
    int AXIS = 7;
  }
}
