package org.t3jvm.accel.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Launches by their numbers, on banks of host memory. */
class NvidiaKernelsTest {
  private static final long SEED = 31;
  private static final int STATUS_OUT_OF_MEMORY = 2;

  private final FakeCublasLt cublasLt = new FakeCublasLt();
  private final FakeCudnn cudnn = new FakeCudnn();
  private final NativeStubs driver = new NativeStubs();
  private final List<Long> allocated = new ArrayList<>();
  private final List<Long> freed = new ArrayList<>();
  private final List<Long> contexts = new ArrayList<>();
  private final Arena arena = Arena.ofConfined();
  private int allocation;

  private NvidiaKernels kernels() {
    driver.with("cuCtxSetCurrent", "IJ", a -> contexts.add((long) a[0]) ? 0 : 1);
    driver.with(
        "cuMemAlloc_v2",
        "IPJ",
        a -> {
          NativeStubs.at(a[0]).set(ValueLayout.JAVA_LONG, 0, 1000L + allocated.size());
          allocated.add((long) a[1]);
          return allocation;
        });
    driver.with("cuMemFree_v2", "IJ", a -> freed.add((long) a[0]) ? 0 : 1);
    driver.with(
        "cuMemsetD32Async",
        "IJIJJ",
        a -> {
          NativeStubs.at(a[0]).set(ValueLayout.JAVA_INT, 0, (int) a[1]);
          return (long) a[2] == 1 && (long) a[3] == 8 ? 0 : 1;
        });
    return new NvidiaKernels(
        new NvidiaLibraries.Found(cublasLt.stubs, cudnn.stubs, driver, "of tests"));
  }

  @AfterEach
  void free() {
    arena.close();
  }

  private static NvidiaKernels.Place place(long... banks) {
    return new NvidiaKernels.Place(7, 8, banks);
  }

  @Test
  void productsTakeTheirSizesAndOffsetsFromTheNumbers() {
    int[] ints = {32, 0, 0, 12, 64, 4, 3, 4, 8, 1, 0, 16, 20, 24, 2, 1};
    MemorySegment floats = arena.allocate(4 * 64, 16);
    MemorySegment words = arena.allocate(4 * 128, 16);
    Bits.fillBf16(words, new Random(SEED));
    for (int i = 0; i < 64; i++) {
      Bits.putF32(floats, i, i);
    }
    long f = floats.address();
    long w = words.address();
    try (NvidiaKernels kernels = kernels()) {
      kernels.run(LibraryFunction.GEMM_BF16, place(f, 0, 0, w, w, f), i -> ints[i], 1);
      for (int product = 0; product < 2; product++) {
        for (int i = 0; i < 12; i++) {
          double sum = 4 + i % 4;
          for (int t = 0; t < 8; t++) {
            sum +=
                Bits.bf16(words, 2 * (12 + 20L * product) + 8 * (i / 4) + t)
                    * Bits.bf16(words, 2 * (64 + 24L * product) + 8 * (i % 4) + t);
          }
          assertThat(Bits.f32(floats, 32 + 16L * product + i))
              .as("product %d, element %d, seed %d", product, i, SEED)
              .isCloseTo(sum, within(1e-4));
        }
      }
      assertThat(contexts).containsExactly(7L);
      assertThat(cublasLt.streams).containsExactly(8L);
      assertThat(allocated).containsExactly(32L << 20);
    }
    assertThat(freed).containsExactly(1000L);
  }

  @Test
  void packedProductsGoToTheSecondOperand() {
    int[] ints = {0, 24, 0, 0, 8, 0, 2, 2, 4, 0, 1, 6, 4, 0, 2, 1};
    MemorySegment words = arena.allocate(4 * 64, 16);
    Bits.fillBf16(words, new Random(SEED));
    long w = words.address();
    try (NvidiaKernels kernels = kernels()) {
      kernels.run(LibraryFunction.GEMM_BF16, place(0, w, 0, w, w, 0), i -> ints[i], 1);
      for (int product = 0; product < 2; product++) {
        for (int i = 0; i < 4; i++) {
          double sum = 0;
          for (int t = 0; t < 4; t++) {
            sum +=
                Bits.bf16(words, 8L * product + 4 * (i / 2) + t)
                    * Bits.bf16(words, 16 + 4 * (i % 2) + t);
          }
          assertThat(Bits.bf16(words, 48 + 12L * product + i))
              .as("product %d, element %d, seed %d", product, i, SEED)
              .isCloseTo(sum, within(Math.abs(sum) / 256 + 1e-6));
        }
      }
    }
  }

  @Test
  void attentionTakesItsSizesAndOffsetsFromTheNumbers() {
    int[] ints = new int[20];
    System.arraycopy(new int[] {96, 0, 0, 32, 64, 4, 4, 2, 8, 1}, 0, ints, 0, 10);
    MemorySegment words = arena.allocate(4 * 128, 16);
    Bits.fillBf16(words, new Random(SEED));
    long w = words.address();
    try (NvidiaKernels kernels = kernels()) {
      kernels.run(LibraryFunction.ATTENTION_BF16, place(w, 0, w, w, w), i -> ints[i], 0);
      for (int column = 0; column < 16; column++) {
        double mean = 0;
        for (int key = 0; key < 4; key++) {
          mean += Bits.bf16(words, 2 * 64 + 16L * key + column) / 4;
        }
        for (int query = 0; query < 4; query++) {
          assertThat(Bits.bf16(words, 2 * 96 + 16L * query + column))
              .as("with scale 0, query %d, column %d is the mean, seed %d", query, column, SEED)
              .isCloseTo(mean, within(Math.abs(mean) / 256 + 1e-6));
        }
      }
      assertThat(allocated).containsExactly(4096L);
      ints[5] = 0;
      assertThatThrownBy(
              () ->
                  kernels.run(
                      LibraryFunction.ATTENTION_BF16, place(w, 0, w, w, w), i -> ints[i], 0))
          .hasMessage("cuDNN takes rows that lie together, and adds to no result");
    }
  }

  @Test
  void theNumberOfALaunchIsWrittenOnItsStream() {
    MemorySegment word = arena.allocate(4, 4);
    try (NvidiaKernels kernels = kernels()) {
      kernels.write(place(), word.address(), 123);
    }
    assertThat(word.get(ValueLayout.JAVA_INT, 0)).isEqualTo(123);
  }

  @Test
  void workSpaceThatCannotBeHadIsNamed() {
    allocation = STATUS_OUT_OF_MEMORY;
    int[] ints = {0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 1, 1};
    try (NvidiaKernels kernels = kernels()) {
      assertThatThrownBy(
              () ->
                  kernels.run(LibraryFunction.GEMM_BF16, place(0, 0, 0, 0, 0, 0), i -> ints[i], 1))
          .isInstanceOf(LibraryException.class)
          .hasMessage(
              "cuMemAlloc_v2 failed with CUDA_ERROR_OUT_OF_MEMORY (2) for 33554432 bytes of work"
                  + " space");
    }
  }

  @Test
  void kernelsThatLibrariesHaveAreKnownByName() {
    assertThat(LibraryFunction.of("GEMM_BF16")).contains(LibraryFunction.GEMM_BF16);
    assertThat(LibraryFunction.of("GEMM")).isEmpty();
    assertThat(LibraryFunction.attends(128)).isTrue();
    assertThat(LibraryFunction.attends(384)).isFalse();
    assertThat(LibraryFunction.attends(100)).isFalse();
  }
}
