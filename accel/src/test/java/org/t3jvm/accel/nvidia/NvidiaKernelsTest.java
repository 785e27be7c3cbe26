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
  private final MemorySegment workspace = arena.allocate((32L << 20) + 64, 16);
  private int allocation;

  private NvidiaKernels kernels() {
    driver.with("cuCtxSetCurrent", "IJ", a -> contexts.add((long) a[0]) ? 0 : 1);
    driver.with(
        "cuMemAlloc_v2",
        "IPJ",
        a -> {
          NativeStubs.at(a[0]).set(ValueLayout.JAVA_LONG, 0, workspace.address());
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
    driver.with("cuMemcpyDtoHAsync_v2", "IPJJJ", a -> copy(a[0], a[1], (long) a[2]));
    driver.with("cuMemcpyHtoDAsync_v2", "IJPJJ", a -> copy(a[0], a[1], (long) a[2]));
    driver.with("cuStreamSynchronize", "IJ", a -> (long) a[0] == 8 ? 0 : 1);
    return new NvidiaKernels(
        new NvidiaLibraries.Found(cublasLt.stubs, cudnn.stubs, driver, "of tests"));
  }

  private static long copy(Object to, Object from, long bytes) {
    MemorySegment.copy(NativeStubs.at(from), 0, NativeStubs.at(to), 0, bytes);
    return 0;
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
    int[] ints = {32, 0, 0, 12, 64, 4, 3, 4, 8, 1, 0, 1};
    MemorySegment floats = floats();
    MemorySegment words = words();
    long f = floats.address();
    long w = words.address();
    try (NvidiaKernels kernels = kernels()) {
      kernels.run(LibraryFunction.GEMM_BF16, place(f, 0, 0, w, w, f), i -> ints[i], 1);
      requireProduct(floats, 32, false, words, floats);
      assertThat(contexts).containsExactly(7L);
      assertThat(cublasLt.streams).containsExactly(8L);
      assertThat(allocated).containsExactly((32L << 20) + 8);
    }
    assertThat(freed).containsExactly(workspace.address());
  }

  @Test
  void packedProductsGoToTheSecondOperandAndTakeTheirBiasRounded() {
    int[] ints = {0, 96, 0, 12, 64, 4, 3, 4, 8, 1, 1, 1};
    MemorySegment floats = floats();
    MemorySegment words = words();
    long w = words.address();
    try (NvidiaKernels kernels = kernels()) {
      kernels.run(
          LibraryFunction.GEMM_BF16, place(0, w, 0, w, w, floats.address()), i -> ints[i], 1);
      requireProduct(words, 2 * 96, true, words, floats);
    }
  }

  private MemorySegment words() {
    MemorySegment words = arena.allocate(4 * 128, 16);
    Bits.fillBf16(words, new Random(SEED));
    return words;
  }

  private MemorySegment floats() {
    MemorySegment floats = arena.allocate(4 * 64, 16);
    for (int i = 0; i < 64; i++) {
      Bits.putF32(floats, i, i / 3.0);
    }
    return floats;
  }

  /** The product [3, 4] of words 12 on and words 64 on, of 8 terms, plus the floats from 4 on. */
  private static void requireProduct(
      MemorySegment y, long first, boolean packed, MemorySegment words, MemorySegment floats) {
    for (int i = 0; i < 12; i++) {
      double sum = Bits.f32(floats, 4 + i % 4);
      for (int t = 0; t < 8; t++) {
        sum +=
            Bits.bf16(words, 2 * 12 + 8 * (i / 4) + t) * Bits.bf16(words, 2 * 64 + 8 * (i % 4) + t);
      }
      assertThat(Bits.get(packed, y, first + i))
          .as("element %d, seed %d", i, SEED)
          .isCloseTo(sum, within(packed ? Math.abs(sum) / 256 + 0.01 : 1e-4));
    }
  }

  @Test
  void attentionTakesItsSizesAndOffsetsFromTheNumbers() {
    int[] ints = new int[20];
    System.arraycopy(new int[] {96, 0, 0, 32, 64, 4, 4, 2, 8, 1}, 0, ints, 0, 10);
    MemorySegment words = words();
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
          .hasMessage("cuDNN takes contiguous rows, and adds to no result");
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
    int[] ints = {0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 1};
    try (NvidiaKernels kernels = kernels()) {
      assertThatThrownBy(
              () ->
                  kernels.run(LibraryFunction.GEMM_BF16, place(0, 0, 0, 0, 0, 0), i -> ints[i], 1))
          .isInstanceOf(LibraryException.class)
          .hasMessage(
              "cuMemAlloc_v2 failed with CUDA_ERROR_OUT_OF_MEMORY (2) for 33554434 bytes of work"
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
