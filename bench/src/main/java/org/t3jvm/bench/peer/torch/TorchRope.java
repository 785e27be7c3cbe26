package org.t3jvm.bench.peer.torch;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;

/** Rotary embedding as a product of complex numbers in F32 with a table per token (SPEC 4). */
final class TorchRope implements AutoCloseable {
  private static final double BASE = 10000;

  private final LibTorch torch;
  private final Map<Key, Table> tables = new HashMap<>();

  private record Key(TokenGrid grid, int headDim) {}

  /** Our memory, and libtorch's view of it as pairs [N, 1, d/2, 2]. */
  private record Table(Tensor tensor, TorchTensor pairs) {}

  TorchRope(LibTorch torch) {
    this.torch = torch;
  }

  TorchTensor compute(TorchOps ops, Op.Rope op, TorchTensor x, @Nullable TorchTensor out) {
    long[] sizes = x.sizes();
    int headDim = Math.toIntExact(sizes[1] / op.heads());
    Table table =
        tables.computeIfAbsent(
            new Key(op.grid(), headDim),
            key -> {
              Tensor factors = factors(key);
              return new Table(factors, TorchTensor.over(torch, factors));
            });
    TorchTensor numbers = complex(ops, ops.cast(x, TorchDType.F32), op.heads());
    TorchTensor turned =
        ops.callInto(
            out == null ? null : complex(ops, out, op.heads()),
            AtFunction.MUL,
            numbers,
            ops.call(AtFunction.VIEW_AS_COMPLEX, table.pairs));
    if (out != null) {
      return out;
    }
    TorchTensor y = ops.reshape(ops.call(AtFunction.VIEW_AS_REAL, turned), sizes);
    return ops.cast(y, x.dtype());
  }

  /** [N, heads*d] as complex [N, heads, d/2]. */
  private static TorchTensor complex(TorchOps ops, TorchTensor x, int heads) {
    long[] s = x.sizes();
    TorchTensor pairs = ops.reshape(x, s[0], heads, s[1] / heads / 2, 2);
    return ops.call(AtFunction.VIEW_AS_COMPLEX, pairs);
  }

  private static Tensor factors(Key key) {
    TokenGrid grid = key.grid();
    int half = key.headDim() / 2;
    int space = key.headDim() / 3;
    int time = key.headDim() - 2 * space;
    Tensor factors = Tensor.allocate(DType.F32, Shape.of(grid.tokens(), 1, half, 2));
    long at = 0;
    for (int t = 0; t < grid.t(); t++) {
      for (int h = 0; h < grid.h(); h++) {
        for (int w = 0; w < grid.w(); w++) {
          at = axis(factors, at, t, time);
          at = axis(factors, at, h, space);
          at = axis(factors, at, w, space);
        }
      }
    }
    return factors;
  }

  private static long axis(Tensor factors, long start, int position, int extent) {
    long at = start;
    for (int j = 0; j < extent / 2; j++) {
      double angle = position * Math.pow(BASE, -2.0 * j / extent);
      factors.setDouble(at++, Math.cos(angle));
      factors.setDouble(at++, Math.sin(angle));
    }
    return at;
  }

  @Override
  public void close() {
    tables.values().forEach(table -> table.pairs.close());
  }
}
