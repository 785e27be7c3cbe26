package org.t3jvm.accel.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CublasLtTest {
  private static final long SEED = 20;

  private final FakeCublasLt fake = new FakeCublasLt();

  @ParameterizedTest
  @CsvSource({
    "3, 5, 4, false, true",
    "3, 5, 4, false, false",
    "2, 6, 3, true, false",
    "1, 1, 7, false, true",
    "4, 2, 6, true, true"
  })
  void multipliesRowsByRowsAndAddsTheBias(int m, int n, int k, boolean packed, boolean bias) {
    Random random = new Random(SEED);
    GemmShape shape = new GemmShape(m, n, k, packed, bias);
    try (Arena arena = Arena.ofConfined();
        CublasLt library = new CublasLt(fake.stubs)) {
      MemorySegment a = arena.allocate(2L * m * k, 16);
      MemorySegment b = arena.allocate(2L * n * k, 16);
      MemorySegment add = arena.allocate(4L * n, 16);
      MemorySegment y = arena.allocate(4L * m * n, 16);
      Bits.fillBf16(a, random);
      Bits.fillBf16(b, random);
      for (int i = 0; i < n; i++) {
        Bits.put(packed, add, i, random.nextGaussian());
      }

      library.gemm(shape, y.address(), a.address(), b.address(), add.address(), 0, 5);

      assertThat(fake.streams).containsExactly(5L);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = bias ? Bits.get(packed, add, j) : 0;
          for (int t = 0; t < k; t++) {
            sum += Bits.bf16(a, (long) i * k + t) * Bits.bf16(b, (long) j * k + t);
          }
          assertThat(Bits.get(packed, y, (long) i * n + j))
              .as("row %d, column %d, seed %d", i, j, SEED)
              .isCloseTo(sum, within(Math.abs(sum) * (packed ? 1 / 256.0 : 1e-6) + 1e-6));
        }
      }
    }
    assertThat(fake.alive()).as("only the preference is left").isEqualTo(1);
  }

  @Test
  void asksOnceForEachShape() {
    GemmShape plain = new GemmShape(2, 2, 2, false, false);
    GemmShape packed = new GemmShape(2, 2, 2, true, false);
    try (Arena arena = Arena.ofConfined();
        CublasLt library = new CublasLt(fake.stubs)) {
      long memory = arena.allocate(64, 16).address();
      for (GemmShape shape : new GemmShape[] {plain, packed, plain, packed, plain}) {
        library.gemm(shape, memory, memory, memory, 0, 0, 0);
      }
      assertThat(library.plans()).isEqualTo(2);
      assertThat(fake.advised).isEqualTo(2);
    }
  }

  @Test
  void promisesWorkSpaceAndAlignment() {
    new CublasLt(fake.stubs).close();
    assertThat(fake.preference)
        .containsEntry(1, 32L << 20)
        .containsEntry(5, 16L)
        .containsEntry(6, 16L)
        .containsEntry(7, 16L)
        .containsEntry(8, 16L);
  }

  @Test
  void failuresNameFunctionStatusAndSizes() {
    GemmShape shape = new GemmShape(3, 5, 4, false, true);
    try (Arena arena = Arena.ofConfined();
        CublasLt library = new CublasLt(fake.stubs)) {
      long memory = arena.allocate(256, 16).address();
      fake.status = 13;
      assertThatThrownBy(() -> library.gemm(shape, memory, memory, memory, memory, 0, 0))
          .isInstanceOf(LibraryException.class)
          .hasMessage(
              "cublasLtMatmul failed with CUBLAS_STATUS_EXECUTION_FAILED (13) for"
                  + " y [3,5] f32 = a [3,4] b [5,4]^T + bias, in bf16");
      fake.ways = 0;
      assertThatThrownBy(
              () ->
                  library.gemm(
                      new GemmShape(3, 5, 2, true, false), memory, memory, memory, 0, 0, 0))
          .hasMessage("cuBLASLt has no algorithm for y [3,5] bf16 = a [3,2] b [5,2]^T, in bf16");
    }
  }

  @Test
  void missingFunctionsAreNamed() {
    assertThatThrownBy(() -> new CublasLt(new NativeStubs()))
        .isInstanceOf(LibraryException.class)
        .hasMessage("the library has no function cublasLtDestroy");
  }
}
