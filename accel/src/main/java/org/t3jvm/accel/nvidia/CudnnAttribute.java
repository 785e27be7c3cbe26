package org.t3jvm.accel.nvidia;

/**
 * Attributes of descriptors of cuDNN's backend API ({@code cudnnBackendAttributeName_t}), with the
 * type that each takes.
 */
enum CudnnAttribute {
  POINTWISE_MODE(0, Type.POINTWISE_MODE),
  POINTWISE_PRECISION(1, Type.DATA_TYPE),
  HEURISTICS_MODE(200, Type.HEURISTICS_MODE),
  HEURISTICS_GRAPH(201, Type.DESCRIPTOR),
  HEURISTICS_RESULTS(202, Type.DESCRIPTOR),
  PLAN_HANDLE(400, Type.HANDLE),
  PLAN_CONFIGURATION(401, Type.DESCRIPTOR),
  PLAN_WORKSPACE(402, Type.INT64),
  OPERATION_POINTWISE_DESCRIPTOR(750, Type.DESCRIPTOR),
  OPERATION_POINTWISE_X(751, Type.DESCRIPTOR),
  OPERATION_POINTWISE_B(752, Type.DESCRIPTOR),
  OPERATION_POINTWISE_Y(753, Type.DESCRIPTOR),
  GRAPH_HANDLE(800, Type.HANDLE),
  GRAPH_OPERATIONS(801, Type.DESCRIPTOR),
  TENSOR_ALIGNMENT(900, Type.INT64),
  TENSOR_TYPE(901, Type.DATA_TYPE),
  TENSOR_EXTENTS(902, Type.INT64),
  TENSOR_STRIDES(903, Type.INT64),
  TENSOR_ID(906, Type.INT64),
  TENSOR_VIRTUAL(907, Type.BOOLEAN),
  TENSOR_BY_VALUE(908, Type.BOOLEAN),
  PACK_IDS(1000, Type.INT64),
  PACK_ADDRESSES(1001, Type.ADDRESS),
  PACK_WORKSPACE(1003, Type.ADDRESS),
  MATMUL_PRECISION(1500, Type.DATA_TYPE),
  OPERATION_MATMUL_A(1520, Type.DESCRIPTOR),
  OPERATION_MATMUL_B(1521, Type.DESCRIPTOR),
  OPERATION_MATMUL_Y(1522, Type.DESCRIPTOR),
  OPERATION_MATMUL_DESCRIPTOR(1523, Type.DESCRIPTOR),
  REDUCTION_OPERATOR(1600, Type.REDUCTION_OPERATOR),
  REDUCTION_PRECISION(1601, Type.DATA_TYPE),
  OPERATION_REDUCTION_X(1610, Type.DESCRIPTOR),
  OPERATION_REDUCTION_Y(1611, Type.DESCRIPTOR),
  OPERATION_REDUCTION_DESCRIPTOR(1612, Type.DESCRIPTOR);

  /** {@code cudnnBackendAttributeType_t}, with the bytes of one value. */
  enum Type {
    HANDLE(0, Long.BYTES),
    DATA_TYPE(1, Integer.BYTES),
    BOOLEAN(2, 1),
    INT64(3, Long.BYTES),
    ADDRESS(6, Long.BYTES),
    HEURISTICS_MODE(8, Integer.BYTES),
    POINTWISE_MODE(14, Integer.BYTES),
    DESCRIPTOR(15, Long.BYTES),
    REDUCTION_OPERATOR(18, Integer.BYTES);

    private final int code;
    private final int bytes;

    Type(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    int code() {
      return code;
    }

    int bytes() {
      return bytes;
    }
  }

  private final int code;
  private final Type type;

  CudnnAttribute(int code, Type type) {
    this.code = code;
    this.type = type;
  }

  int code() {
    return code;
  }

  Type type() {
    return type;
  }
}
