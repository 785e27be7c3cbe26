package org.t3jvm.tensor.grad;

import java.util.stream.IntStream;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Linear maps and matrix products: two products each. */
final class ProductRules {
  private ProductRules() {}

  /** {@code dx = dy W, dW = dy^T x, dbias = sum dy}. */
  static void linear(Op.Linear op, Value dy, Reverse reverse) {
    Tracer g = reverse.tracer();
    Shape x = op.x().shape();
    long columns = op.weight().shape().dim(0);
    long rows = x.outer(x.rank() - 1);
    Value dyRows = reverse.reshape(dy, Shape.of(rows, columns));
    if (reverse.wants(op.x())) {
      Value dx = g.matMul(dyRows, reverse.of(op.weight()), false);
      reverse.add(op.x(), reverse.reshape(dx, x));
    }
    if (reverse.wants(op.weight())) {
      Value xRows = reverse.reshape(reverse.of(op.x()), Shape.of(rows, x.dim(-1)));
      reverse.add(op.weight(), g.matMul(g.permute(dyRows, 1, 0), xRows, false));
    }
    if (op.bias() != null && reverse.wants(op.bias())) {
      reverse.add(op.bias(), reverse.sumTo(dyRows, op.bias().shape()));
    }
  }

  /** {@code da = dc b^T, db = a^T dc}, or {@code dc^T a} if b is transposed. */
  static void matMul(Op.MatMul op, Value dc, Reverse reverse) {
    Tracer g = reverse.tracer();
    if (reverse.wants(op.a())) {
      reverse.add(op.a(), g.matMul(dc, reverse.of(op.b()), !op.transposeB()));
    }
    if (reverse.wants(op.b())) {
      Value a = reverse.of(op.a());
      reverse.add(
          op.b(),
          op.transposeB()
              ? g.matMul(transposed(g, dc), a, false)
              : g.matMul(transposed(g, a), dc, false));
    }
  }

  private static Value transposed(Tracer g, Value x) {
    int rank = x.shape().rank();
    Integer[] axes = IntStream.range(0, rank).boxed().toArray(Integer[]::new);
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return g.permute(x, axes);
  }
}
