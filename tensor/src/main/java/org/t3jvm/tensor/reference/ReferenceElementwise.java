package org.t3jvm.tensor.reference;

import java.util.function.DoubleUnaryOperator;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Elementwise functions, with broadcasting over right-aligned axes of extent 1. */
final class ReferenceElementwise {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  private ReferenceElementwise() {}

  static double[] map(double[] x, DoubleUnaryOperator function) {
    for (int i = 0; i < x.length; i++) {
      x[i] = function.applyAsDouble(x[i]);
    }
    return x;
  }

  static double[] unary(Op.Unary op, ReferenceOps.Doubles doubles) {
    DoubleUnaryOperator function =
        switch (op.kind()) {
          case SILU -> x -> x / (1 + Math.exp(-x));
          case GELU_TANH ->
              x -> 0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x)));
          case EXP -> Math::exp;
          case SQRT -> Math::sqrt;
        };
    return map(doubles.of(op.x()), function);
  }

  static double[] binary(Op.Binary op, Value out, ReferenceOps.Doubles doubles) {
    double[] a = broadcast(doubles.of(op.a()), op.a().shape(), out.shape());
    double[] b = broadcast(doubles.of(op.b()), op.b().shape(), out.shape());
    double[] y = new double[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] =
          switch (op.kind()) {
            case ADD -> a[i] + b[i];
            case SUB -> a[i] - b[i];
            case MUL -> a[i] * b[i];
            case DIV -> a[i] / b[i];
          };
    }
    return y;
  }

  static double[] modulate(Op.Modulate op, Value out, ReferenceOps.Doubles doubles) {
    double[] y = doubles.of(op.x());
    double[] shift = broadcast(doubles.of(op.shift()), op.shift().shape(), out.shape());
    double[] scale = broadcast(doubles.of(op.scale()), op.scale().shape(), out.shape());
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] * (1 + scale[i]) + shift[i];
    }
    return y;
  }

  static double[] gated(Op.GatedResidual op, Value out, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] y = doubles.of(op.y());
    double[] gate = broadcast(doubles.of(op.gate()), op.gate().shape(), out.shape());
    for (int i = 0; i < x.length; i++) {
      x[i] += gate[i] * y[i];
    }
    return x;
  }

  static double[] broadcast(double[] x, Shape from, Shape to) {
    if (from.equals(to)) {
      return x;
    }
    double[] y = new double[Math.toIntExact(to.elements())];
    long[] strides = from.strides();
    for (int i = 0; i < y.length; i++) {
      long rest = i;
      long at = 0;
      for (int axis = 1; axis <= to.rank(); axis++) {
        long coordinate = rest % to.dim(-axis);
        rest /= to.dim(-axis);
        if (axis <= from.rank() && from.dim(-axis) != 1) {
          at += coordinate * strides[from.rank() - axis];
        }
      }
      y[i] = x[(int) at];
    }
    return y;
  }
}
