package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.ElementwiseSlots.Binary;
import org.t3jvm.accel.slots.ElementwiseSlots.Modulate;
import org.t3jvm.accel.slots.ElementwiseSlots.Narrow;
import org.t3jvm.accel.slots.ElementwiseSlots.Unary;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Functions of single elements; each thread takes every n-th of them, n the number of threads. */
public final class ElementwiseKernels {
  private ElementwiseKernels() {}

  /**
   * A function of each element. ints: {@link Unary}, whose function is 0 silu, 1 gelu in its tanh
   * form, 2 exp, 3 square root, 4 {@code x * f0 + f1}, 5 clamp to f0 .. f1, 6 whole numbers toward
   * zero, NaN to 0, 7 the low 8 bits, 8 those as a signed number, 9 whether it is not 0.
   */
  public static void unary(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(Unary.COUNT);
    int kind = ints.get(Unary.KIND);
    float f0 = floats.get(0);
    float f1 = floats.get(1);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      float value = x.get(ints.get(Unary.X) + i);
      float result = value;
      if (kind == 0) {
        result = value / (1f + TornadoMath.exp(-value));
      } else if (kind == 1) {
        float u = 0.7978845608028654f * (value + 0.044715f * value * value * value);
        // 0.5 (1 + tanh u) as a logistic function, which does not cancel where u is negative.
        result = value / (1f + TornadoMath.exp(-2f * u));
      } else if (kind == 2) {
        result = TornadoMath.exp(value);
      } else if (kind == 3) {
        result = TornadoMath.sqrt(value);
      } else if (kind == 4) {
        result = value * f0 + f1;
      } else if (kind == 5) {
        if (value < f0) {
          result = f0;
        }
        if (value > f1) {
          result = f1;
        }
      } else if (kind == 6) {
        if (Float.isNaN(value)) {
          result = 0f;
        } else if (value < 8388608f && value > -8388608f) {
          result = (float) (int) value;
        }
      } else if (kind == 7) {
        result = (float) ((int) value & 255);
      } else if (kind == 8) {
        // Not by shifts: TornadoVM's PTX fills up with zeros.
        int bits = (int) value & 255;
        result = (float) (bits < 128 ? bits : bits - 256);
      } else if (kind == 9) {
        result = value != 0f ? 1f : 0f;
      }
      y.set(ints.get(Unary.Y) + i, result);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Rounds to the nearest number of fewer bits, ties to even. ints: {@link Narrow}. floats: {@code
   * 2^(bits - 1)}; the smallest magnitude that rounds to infinity, or infinity if none does.
   */
  public static void narrow(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(Narrow.COUNT);
    int smallest = ints.get(Narrow.SMALLEST);
    float ones = floats.get(0);
    float limit = floats.get(1);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      float value = x.get(ints.get(Narrow.X) + i);
      float magnitude = value < 0f ? -value : value;
      float result = value;
      // Asked first: translated comparisons may take NaN either way.
      if (Float.isNaN(value)) {
        result = value;
      } else if (magnitude >= limit) {
        result = value < 0f ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
      } else if (magnitude > 0f && magnitude < Float.POSITIVE_INFINITY) {
        // Scales by powers of two are exact, and so are the sums of whole numbers below 2^24.
        float scaled = magnitude;
        int exponent = 0;
        while (scaled >= 2f) {
          scaled *= 0.5f;
          exponent++;
        }
        while (scaled < 1f && exponent > smallest) {
          scaled *= 2f;
          exponent--;
        }
        float units = scaled * ones;
        int whole = (int) units;
        float rest = units - whole;
        if (rest > 0.5f || (rest == 0.5f && whole % 2 == 1)) {
          whole++;
        }
        float rounded = whole / ones;
        while (exponent > 0) {
          rounded *= 2f;
          exponent--;
        }
        while (exponent < 0) {
          rounded *= 0.5f;
          exponent++;
        }
        result = value < 0f ? -rounded : rounded;
      }
      y.set(ints.get(Narrow.Y) + i, result);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * A function of two elements, broadcast. ints: {@link Binary}, whose function is 0 sum, 1
   * difference, 2 product, 3 quotient.
   */
  public static void binary(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray a, FloatArray b, FloatArray y) {
    int count = ints.get(Binary.COUNT);
    int kind = ints.get(Binary.KIND);
    int axes = ints.get(Binary.AXES);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int rest = i;
      int aAt = ints.get(Binary.A);
      int bAt = ints.get(Binary.B);
      for (int axis = axes - 1; axis >= 0; axis--) {
        int extent = ints.get(Binary.AXIS + 3 * axis);
        int coordinate = rest % extent;
        rest = rest / extent;
        aAt += coordinate * ints.get(Binary.AXIS + 1 + 3 * axis);
        bAt += coordinate * ints.get(Binary.AXIS + 2 + 3 * axis);
      }
      float left = a.get(aAt);
      float right = b.get(bAt);
      float result = left + right;
      if (kind == 1) {
        result = left - right;
      } else if (kind == 2) {
        result = left * right;
      } else if (kind == 3) {
        result = left / right;
      }
      y.set(ints.get(Binary.Y) + i, result);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * {@code x * (1 + scale) + shift} (kind 0) or {@code x + scale * shift} (kind 1), broadcast.
   * ints: {@link Modulate}.
   */
  public static void modulate(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray scale,
      FloatArray shift,
      FloatArray y) {
    int count = ints.get(Modulate.COUNT);
    int kind = ints.get(Modulate.KIND);
    int axes = ints.get(Modulate.AXES);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int rest = i;
      int xAt = ints.get(Modulate.X);
      int scaleAt = ints.get(Modulate.SCALE);
      int shiftAt = ints.get(Modulate.SHIFT);
      for (int axis = axes - 1; axis >= 0; axis--) {
        int extent = ints.get(Modulate.AXIS + 4 * axis);
        int coordinate = rest % extent;
        rest = rest / extent;
        xAt += coordinate * ints.get(Modulate.AXIS + 1 + 4 * axis);
        scaleAt += coordinate * ints.get(Modulate.AXIS + 2 + 4 * axis);
        shiftAt += coordinate * ints.get(Modulate.AXIS + 3 + 4 * axis);
      }
      float value = x.get(xAt);
      float factor = scale.get(scaleAt);
      float added = shift.get(shiftAt);
      float result = value * (1f + factor) + added;
      if (kind == 1) {
        result = value + factor * added;
      }
      y.set(ints.get(Modulate.Y) + i, result);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
