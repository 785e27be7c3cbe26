package org.t3jvm.accel.nvidia;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * cuBLASLt as its manual describes it, in plain loops over host memory: column-major matrices
 * {@code D = alpha op(A) op(B) + beta C + bias}, the bias one number a row. It knows what CublasLt
 * calls.
 */
final class FakeCublasLt {
  private static final long HANDLE = 77;
  private static final int INVALID_VALUE = 7;

  /** Attributes of a description or a layout, and what it was created with. */
  private record Thing(long[] created, Map<Integer, Long> attributes) {
    long get(int attribute, long otherwise) {
      return attributes.getOrDefault(attribute, otherwise);
    }
  }

  final NativeStubs stubs = new NativeStubs();

  /** Attributes of the preference. */
  final Map<Integer, Long> preference = new HashMap<>();

  /** Streams that products were put on. */
  final List<Long> streams = new ArrayList<>();

  int advised;

  /** How many ways it knows. */
  int ways = 1;

  /** What products return. */
  int status;

  private final Map<Long, Thing> things = new HashMap<>();
  private long next = 1000;

  FakeCublasLt() {
    stubs.with("cublasLtGetVersion", "J", a -> 120603);
    stubs.with("cublasLtCreate", "IP", a -> put(a[0], HANDLE));
    stubs.with("cublasLtDestroy", "IJ", a -> (long) a[0] == HANDLE ? 0 : INVALID_VALUE);
    stubs.with("cublasLtMatmulDescCreate", "IPII", a -> make(a[0], (int) a[1], (int) a[2]));
    stubs.with("cublasLtMatmulDescSetAttribute", "IJIPJ", this::set);
    stubs.with("cublasLtMatmulDescDestroy", "IJ", this::destroy);
    stubs.with(
        "cublasLtMatrixLayoutCreate",
        "IPIJJJ",
        a -> make(a[0], (int) a[1], (long) a[2], (long) a[3], (long) a[4]));
    stubs.with("cublasLtMatrixLayoutDestroy", "IJ", this::destroy);
    stubs.with("cublasLtMatmulPreferenceCreate", "IP", a -> make(a[0]));
    stubs.with("cublasLtMatmulPreferenceSetAttribute", "IJIPJ", this::prefer);
    stubs.with("cublasLtMatmulAlgoGetHeuristic", "IJJJJJJJIPP", this::advise);
    stubs.with("cublasLtMatmul", "IJJPJJJJPJJJJPJJJ", this::multiply);
  }

  /** Descriptions and layouts that were created and not destroyed. */
  int alive() {
    return things.size();
  }

  private static long put(Object address, long value) {
    NativeStubs.at(address).set(ValueLayout.JAVA_LONG, 0, value);
    return 0;
  }

  private long make(Object address, long... created) {
    things.put(++next, new Thing(created, new HashMap<>()));
    return put(address, next);
  }

  private long destroy(Object... a) {
    return things.remove((long) a[0]) == null ? INVALID_VALUE : 0;
  }

  private long set(Object... a) {
    thing((long) a[0]).attributes().put((int) a[1], value(a));
    return 0;
  }

  private long prefer(Object... a) {
    preference.put((int) a[1], value(a));
    return 0;
  }

  private static long value(Object... a) {
    return (long) a[3] == Long.BYTES
        ? NativeStubs.at(a[2]).get(ValueLayout.JAVA_LONG, 0)
        : NativeStubs.at(a[2]).get(ValueLayout.JAVA_INT, 0);
  }

  private Thing thing(long handle) {
    return Objects.requireNonNull(things.get(handle), "no such handle");
  }

  private long advise(Object... a) {
    advised++;
    NativeStubs.at(a[8]).set(ValueLayout.JAVA_LONG, 0, 4242);
    NativeStubs.at(a[9]).set(ValueLayout.JAVA_INT, 0, ways);
    return 0;
  }

  private long multiply(Object... a) {
    if (NativeStubs.at(a[12]).get(ValueLayout.JAVA_LONG, 0) != 4242) {
      return INVALID_VALUE;
    }
    streams.add((long) a[15]);
    Thing operation = thing((long) a[1]);
    double alpha = Bits.f32(NativeStubs.at(a[2]), 0);
    Matrix left = new Matrix(NativeStubs.at(a[3]), thing((long) a[4]), operation.get(3, 0) == 1);
    Matrix right = new Matrix(NativeStubs.at(a[5]), thing((long) a[6]), operation.get(4, 0) == 1);
    Matrix result = new Matrix(NativeStubs.at(a[10]), thing((long) a[11]), false);
    boolean biased = operation.get(7, 1) == 4;
    for (int column = 0; column < result.columns(); column++) {
      for (int row = 0; row < result.rows(); row++) {
        double sum = 0;
        for (int term = 0; term < left.columns(); term++) {
          sum += left.get(row, term) * right.get(term, column);
        }
        double bias =
            biased
                ? Bits.get(operation.get(26, 0) == 14, NativeStubs.at(operation.get(8, 0)), row)
                : 0;
        result.put(row, column, alpha * sum + bias);
      }
    }
    return status;
  }

  /** A matrix of a layout, or its transpose. */
  private record Matrix(MemorySegment memory, Thing layout, boolean transposed) {
    long rows() {
      return layout.created()[transposed ? 2 : 1];
    }

    long columns() {
      return layout.created()[transposed ? 1 : 2];
    }

    private boolean packed() {
      return layout.created()[0] == 14;
    }

    private long at(int row, int column) {
      return (transposed ? row : column) * layout.created()[3] + (transposed ? column : row);
    }

    double get(int row, int column) {
      return Bits.get(packed(), memory, at(row, column));
    }

    void put(int row, int column, double value) {
      Bits.put(packed(), memory, at(row, column), value);
    }
  }
}
