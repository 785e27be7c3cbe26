package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes plans of products: descriptions of operands, and the way that cuBLASLt advises. */
final class GemmPlans {
  /** {@code cudaDataType}. */
  private static final int F32 = 0;

  private static final int BF16 = 14;

  private static final int COMPUTE_F32 = 68;
  private static final int NORMAL = 0;
  private static final int TRANSPOSED = 1;

  /** {@code cublasLtMatmulDescAttributes_t}. */
  private static final int TRANSPOSE_A = 3;

  private static final int TRANSPOSE_B = 4;
  private static final int EPILOGUE = 7;
  private static final int BIAS_POINTER = 8;
  private static final int BIAS_TYPE = 26;

  private static final int EPILOGUE_BIAS = 4;

  /** {@code cublasLtMatmulPreferenceAttributes_t}. */
  private static final int MOST_WORKSPACE = 1;

  private static final int[] LEAST_ALIGNMENTS = {5, 6, 7, 8};

  /** Bytes that every operand's address is a multiple of. */
  private static final int ALIGNMENT = 16;

  /** {@code cublasLtMatmulHeuristicResult_t}: the algorithm, 8 longs, comes first. */
  private static final long ADVICE_BYTES = 96;

  private static final long ALGORITHM_BYTES = 64;

  private final Arena arena;
  private final long handle;
  private final long preference;
  private final MemorySegment word;
  private final NativeFunctions.Function createOperation;
  private final NativeFunctions.Function setOperation;
  private final NativeFunctions.Function destroyOperation;
  private final NativeFunctions.Function createLayout;
  private final NativeFunctions.Function destroyLayout;
  private final NativeFunctions.Function advise;

  /**
   * @param handle cuBLASLt's
   * @param arena what outlives all plans
   */
  GemmPlans(NativeFunctions library, long handle, Arena arena) {
    this.arena = arena;
    this.handle = handle;
    this.word = arena.allocate(ValueLayout.JAVA_LONG);
    this.createOperation = library.function("cublasLtMatmulDescCreate", HOST, INT, INT);
    this.setOperation = library.function("cublasLtMatmulDescSetAttribute", HANDLE, INT, HOST, LONG);
    this.destroyOperation = library.function("cublasLtMatmulDescDestroy", HANDLE);
    this.createLayout = library.function("cublasLtMatrixLayoutCreate", HOST, INT, LONG, LONG, LONG);
    this.destroyLayout = library.function("cublasLtMatrixLayoutDestroy", HANDLE);
    this.advise =
        library.function(
            "cublasLtMatmulAlgoGetHeuristic",
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            HANDLE,
            INT,
            HOST,
            HOST);
    library.function("cublasLtMatmulPreferenceCreate", HOST).call("all products", word);
    this.preference = word.get(ValueLayout.JAVA_LONG, 0);
    NativeFunctions.Function set =
        library.function("cublasLtMatmulPreferenceSetAttribute", HANDLE, INT, HOST, LONG);
    setLong(set, preference, MOST_WORKSPACE, CublasLt.WORKSPACE, "the work space");
    for (int attribute : LEAST_ALIGNMENTS) {
      setInt(set, preference, attribute, ALIGNMENT, "the alignment");
    }
  }

  /**
   * @throws LibraryException if cuBLASLt has no algorithm for it
   */
  GemmPlan make(GemmShape shape) {
    createOperation.call(shape, word, COMPUTE_F32, F32);
    long operation = word.get(ValueLayout.JAVA_LONG, 0);
    // What cuBLASLt calls A is b, and B is a: see CublasLt.
    setInt(setOperation, operation, TRANSPOSE_A, TRANSPOSED, shape);
    setInt(setOperation, operation, TRANSPOSE_B, NORMAL, shape);
    if (shape.bias()) {
      setInt(setOperation, operation, EPILOGUE, EPILOGUE_BIAS, shape);
      setInt(setOperation, operation, BIAS_TYPE, type(shape), shape);
    }
    long b = layout(shape, BF16, shape.k(), shape.n());
    long a = layout(shape, BF16, shape.k(), shape.m());
    long y = layout(shape, type(shape), shape.n(), shape.m());
    MemorySegment advice = arena.allocate(ADVICE_BYTES, Long.BYTES);
    MemorySegment found = arena.allocate(ValueLayout.JAVA_INT);
    advise.call(shape, handle, operation, b, a, y, y, preference, 1, advice, found);
    if (found.get(ValueLayout.JAVA_INT, 0) < 1) {
      throw new LibraryException("cuBLASLt has no algorithm for " + shape);
    }
    return new GemmPlan(shape, operation, y, a, b, advice.asSlice(0, ALGORITHM_BYTES));
  }

  private static int type(GemmShape shape) {
    return shape.packed() ? BF16 : F32;
  }

  private long layout(GemmShape shape, int type, int rows, int columns) {
    createLayout.call(shape, word, type, (long) rows, (long) columns, (long) rows);
    return word.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Sets the address of the next product's bias. */
  void setBias(GemmPlan plan, long bias) {
    setLong(setOperation, plan.operation(), BIAS_POINTER, bias, plan.shape());
  }

  private void setInt(
      NativeFunctions.Function set, long of, int attribute, int value, Object what) {
    word.set(ValueLayout.JAVA_INT, 0, value);
    set.call(what, of, attribute, word, (long) Integer.BYTES);
  }

  private void setLong(
      NativeFunctions.Function set, long of, int attribute, long value, Object what) {
    word.set(ValueLayout.JAVA_LONG, 0, value);
    set.call(what, of, attribute, word, (long) Long.BYTES);
  }

  void release(GemmPlan plan) {
    destroyOperation.call(plan.shape(), plan.operation());
    for (long layout : new long[] {plan.y(), plan.a(), plan.b()}) {
      destroyLayout.call(plan.shape(), layout);
    }
  }
}
