package org.t3jvm.tensor.reference;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Value;

/** Ops that move elements of any dtype without looking at them. */
final class ReferenceShapes {
  private ReferenceShapes() {}

  static Tensor permute(MovementOp.Permute op, Value out, Function<Value, Tensor> tensors) {
    Tensor x = tensors.apply(op.x());
    Tensor y = Tensor.allocate(x.dtype(), out.shape());
    long[] strides = x.shape().strides();
    Shape shape = out.shape();
    for (long i = 0; i < shape.elements(); i++) {
      long rest = i;
      long at = 0;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        at += rest % shape.dim(axis) * strides[op.axes().get(axis)];
        rest /= shape.dim(axis);
      }
      copy(x, at, y, i, 1);
    }
    return y;
  }

  static Tensor slice(MovementOp.Slice op, Value out, Function<Value, Tensor> tensors) {
    Tensor x = tensors.apply(op.x());
    Tensor y = Tensor.allocate(x.dtype(), out.shape());
    long inner = x.shape().inner(op.axis());
    long extent = x.shape().dim(op.axis());
    for (long o = 0; o < x.shape().outer(op.axis()); o++) {
      copy(x, (o * extent + op.start()) * inner, y, o * op.length() * inner, op.length() * inner);
    }
    return y;
  }

  static Tensor concat(MovementOp.Concat op, Value out, Function<Value, Tensor> tensors) {
    Tensor y = Tensor.allocate(tensors.apply(op.parts().getFirst()).dtype(), out.shape());
    long outer = out.shape().outer(op.axis());
    long inner = out.shape().inner(op.axis());
    long extent = out.shape().dim(op.axis());
    long start = 0;
    for (Value part : op.parts()) {
      Tensor x = tensors.apply(part);
      long length = part.shape().dim(op.axis());
      for (long o = 0; o < outer; o++) {
        copy(x, o * length * inner, y, (o * extent + start) * inner, length * inner);
      }
      start += length;
    }
    return y;
  }

  static Tensor upsample(MovementOp.Upsample op, Value out, Function<Value, Tensor> tensors) {
    Tensor x = tensors.apply(op.x());
    Tensor y = Tensor.allocate(x.dtype(), out.shape());
    Shape shape = out.shape();
    long c = shape.dim(3);
    long rows = x.shape().dim(1);
    long columns = x.shape().dim(2);
    for (long t = 0; t < shape.dim(0); t++) {
      for (long h = 0; h < shape.dim(1); h++) {
        for (long w = 0; w < shape.dim(2); w++) {
          long from = (t * rows + h / op.factor()) * columns + w / op.factor();
          long to = (t * shape.dim(1) + h) * shape.dim(2) + w;
          copy(x, from * c, y, to * c, c);
        }
      }
    }
    return y;
  }

  private static void copy(Tensor x, long from, Tensor y, long to, long count) {
    long size = x.dtype().byteSize();
    MemorySegment.copy(x.segment(), from * size, y.segment(), to * size, count * size);
  }
}
