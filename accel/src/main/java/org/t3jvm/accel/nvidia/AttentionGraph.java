package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.CudnnAttribute.GRAPH_HANDLE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.GRAPH_OPERATIONS;
import static org.t3jvm.accel.nvidia.CudnnAttribute.MATMUL_PRECISION;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_MATMUL_A;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_MATMUL_B;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_MATMUL_DESCRIPTOR;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_MATMUL_Y;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_POINTWISE_B;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_POINTWISE_DESCRIPTOR;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_POINTWISE_X;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_POINTWISE_Y;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_REDUCTION_DESCRIPTOR;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_REDUCTION_X;
import static org.t3jvm.accel.nvidia.CudnnAttribute.OPERATION_REDUCTION_Y;
import static org.t3jvm.accel.nvidia.CudnnAttribute.POINTWISE_MODE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.POINTWISE_PRECISION;
import static org.t3jvm.accel.nvidia.CudnnAttribute.REDUCTION_OPERATOR;
import static org.t3jvm.accel.nvidia.CudnnAttribute.REDUCTION_PRECISION;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_ALIGNMENT;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_BY_VALUE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_EXTENTS;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_ID;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_STRIDES;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_TYPE;
import static org.t3jvm.accel.nvidia.CudnnAttribute.TENSOR_VIRTUAL;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.accel.nvidia.CudnnBackend.Descriptor;
import org.t3jvm.accel.nvidia.CudnnBackend.Kind;

/**
 * Attention as the graph of operations that cuDNN recognises and computes in one kernel: scores,
 * scaled; softmax as maximum, difference, exponential, sum and quotient; and the weighted values.
 * Only q, k, v and y are memory.
 */
final class AttentionGraph {
  static final long Q = 1;
  static final long K = 2;
  static final long V = 3;
  static final long Y = 4;
  static final long SCALE = 5;
  private static final long FIRST_VIRTUAL = 6;

  /** {@code cudnnDataType_t}. */
  private static final int F32 = 0;

  private static final int BF16 = 9;

  /** {@code cudnnPointwiseMode_t}. */
  private static final int MULTIPLY = 1;

  private static final int DIVIDE = 6;
  private static final int SUBTRACT = 9;
  private static final int EXPONENTIAL = 13;

  /** {@code cudnnReduceTensorOp_t}. */
  private static final int ADD = 0;

  private static final int MAXIMUM = 3;

  private static final long ALIGNMENT = 16;

  private final CudnnBackend.Scope scope;
  private final AttentionShape shape;
  private final List<Descriptor> operations = new ArrayList<>();
  private long nextVirtual = FIRST_VIRTUAL;

  private AttentionGraph(CudnnBackend.Scope scope, AttentionShape shape) {
    this.scope = scope;
    this.shape = shape;
  }

  /** The finished graph of a shape; its descriptors are the scope's. */
  static Descriptor of(CudnnBackend.Scope scope, long handle, AttentionShape shape) {
    return new AttentionGraph(scope, shape).graph(handle);
  }

  private Descriptor graph(long handle) {
    Descriptor q = memory(Q, shape.queryExtents(), shape.queryStrides());
    Descriptor k = memory(K, shape.keyExtents(), shape.keyStrides());
    Descriptor v = memory(V, shape.valueExtents(), shape.valueStrides());
    Descriptor y = memory(Y, shape.queryExtents(), shape.queryStrides());
    long[] all = shape.scoreExtents();
    long[] rows = shape.rowExtents();

    Descriptor scores = product(q, k, between(all, F32));
    Descriptor scaled = pointwise(MULTIPLY, scores, scale(), between(all, F32));
    Descriptor most = reduction(MAXIMUM, scaled, between(rows, F32));
    Descriptor less = pointwise(SUBTRACT, scaled, most, between(all, F32));
    Descriptor powers = exponential(less, between(all, F32));
    Descriptor sums = reduction(ADD, powers, between(rows, F32));
    // Products on tensor cores take what the operands are: BF16.
    Descriptor weights = pointwise(DIVIDE, powers, sums, between(all, BF16));
    product(weights, v, y);

    return scope
        .make(Kind.GRAPH)
        .set(GRAPH_OPERATIONS, operations.toArray(Descriptor[]::new))
        .set(GRAPH_HANDLE, handle)
        .finish();
  }

  private Descriptor memory(long id, long[] extents, long[] strides) {
    return tensor(id, extents, strides, BF16).finish();
  }

  /** A number that is given with each run. */
  private Descriptor scale() {
    long[] one = {1, 1, 1, 1};
    return tensor(SCALE, one, one, F32).set(TENSOR_BY_VALUE, 1).finish();
  }

  /** What goes from one operation to the next and is no memory. */
  private Descriptor between(long[] extents, int type) {
    long[] strides = new long[extents.length];
    long stride = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= extents[axis];
    }
    return tensor(nextVirtual++, extents, strides, type).set(TENSOR_VIRTUAL, 1).finish();
  }

  private Descriptor tensor(long id, long[] extents, long[] strides, int type) {
    return scope
        .make(Kind.TENSOR)
        .set(TENSOR_ID, id)
        .set(TENSOR_TYPE, type)
        .set(TENSOR_EXTENTS, extents)
        .set(TENSOR_STRIDES, strides)
        .set(TENSOR_ALIGNMENT, ALIGNMENT);
  }

  private Descriptor product(Descriptor a, Descriptor b, Descriptor y) {
    Descriptor matmul = scope.make(Kind.MATMUL).set(MATMUL_PRECISION, F32).finish();
    operations.add(
        scope
            .make(Kind.OPERATION_MATMUL)
            .set(OPERATION_MATMUL_DESCRIPTOR, matmul)
            .set(OPERATION_MATMUL_A, a)
            .set(OPERATION_MATMUL_B, b)
            .set(OPERATION_MATMUL_Y, y)
            .finish());
    return y;
  }

  private Descriptor exponential(Descriptor x, Descriptor y) {
    operations.add(pointwise(EXPONENTIAL, x, y).finish());
    return y;
  }

  private Descriptor pointwise(int mode, Descriptor x, Descriptor b, Descriptor y) {
    operations.add(pointwise(mode, x, y).set(OPERATION_POINTWISE_B, b).finish());
    return y;
  }

  private Descriptor pointwise(int mode, Descriptor x, Descriptor y) {
    Descriptor pointwise =
        scope.make(Kind.POINTWISE).set(POINTWISE_MODE, mode).set(POINTWISE_PRECISION, F32).finish();
    return scope
        .make(Kind.OPERATION_POINTWISE)
        .set(OPERATION_POINTWISE_DESCRIPTOR, pointwise)
        .set(OPERATION_POINTWISE_X, x)
        .set(OPERATION_POINTWISE_Y, y);
  }

  private Descriptor reduction(int operator, Descriptor x, Descriptor y) {
    Descriptor reduction =
        scope
            .make(Kind.REDUCTION)
            .set(REDUCTION_OPERATOR, operator)
            .set(REDUCTION_PRECISION, F32)
            .finish();
    operations.add(
        scope
            .make(Kind.OPERATION_REDUCTION)
            .set(OPERATION_REDUCTION_DESCRIPTOR, reduction)
            .set(OPERATION_REDUCTION_X, x)
            .set(OPERATION_REDUCTION_Y, y)
            .finish());
    return y;
  }
}
