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

class CudnnTest {
  private static final long SEED = 9;

  private final FakeCudnn fake = new FakeCudnn();

  /** Attention of float64 in plain loops, of heads in the columns of token rows. */
  private static double expected(
      AttentionShape s,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      int group,
      int i,
      int c) {
    int columns = s.heads() * s.headDim();
    int first = c / s.headDim() * s.headDim();
    double whole = 0;
    double sum = 0;
    for (int j = 0; j < s.keys(); j++) {
      double score = 0;
      for (int d = first; d < first + s.headDim(); d++) {
        score +=
            Bits.bf16(q, ((long) group * s.queries() + i) * columns + d)
                * Bits.bf16(k, ((long) group * s.keys() + j) * columns + d);
      }
      double weight = Math.exp(score * s.scale());
      whole += weight;
      sum += weight * Bits.bf16(v, ((long) group * s.keys() + j) * columns + c);
    }
    return sum / whole;
  }

  @ParameterizedTest
  @CsvSource({"1, 5, 5, 2, 8", "3, 4, 7, 1, 8", "2, 1, 1, 3, 16", "2, 6, 2, 4, 8"})
  void attendsToTheKeysOfTheSameGroupAndHead(
      int batch, int queries, int keys, int heads, int headDim) {
    Random random = new Random(SEED);
    AttentionShape shape = new AttentionShape(batch, queries, keys, heads, headDim, 0.3f);
    int columns = heads * headDim;
    try (Arena arena = Arena.ofConfined();
        Cudnn library = new Cudnn(fake.stubs)) {
      MemorySegment q = arena.allocate(2L * batch * queries * columns, 16);
      MemorySegment k = arena.allocate(2L * batch * keys * columns, 16);
      MemorySegment v = arena.allocate(2L * batch * keys * columns, 16);
      MemorySegment y = arena.allocate(2L * batch * queries * columns, 16);
      Bits.fillBf16(q, random);
      Bits.fillBf16(k, random);
      Bits.fillBf16(v, random);

      library.attention(shape, y.address(), q.address(), k.address(), v.address(), 0, 3);

      assertThat(fake.streams).containsExactly(3L);
      for (int group = 0; group < batch; group++) {
        for (int i = 0; i < queries; i++) {
          for (int c = 0; c < columns; c++) {
            double value = expected(shape, q, k, v, group, i, c);
            assertThat(Bits.bf16(y, ((long) group * queries + i) * columns + c))
                .as("group %d, query %d, column %d, seed %d", group, i, c, SEED)
                .isCloseTo(value, within(Math.abs(value) / 256 + 1e-6));
          }
        }
      }
    }
    assertThat(fake.alive()).as("all descriptors are given up").isZero();
  }

  @Test
  void takesTheFirstWayThatCanBeGoneAndAsksOnceForEachShape() {
    AttentionShape shape = new AttentionShape(1, 1, 1, 1, 8, 1);
    fake.works = 1;
    try (Arena arena = Arena.ofConfined();
        Cudnn library = new Cudnn(fake.stubs)) {
      long memory = arena.allocate(64, 16).address();
      assertThat(library.workspace(shape)).isEqualTo(4096);
      library.attention(shape, memory, memory, memory, memory, 0, 0);
      assertThat(library.plans()).isEqualTo(1);
      assertThat(fake.asked).isEqualTo(1);
    }
  }

  @Test
  void shapesThatItCannotComputeAreNamed() {
    fake.works = 99;
    try (Cudnn library = new Cudnn(fake.stubs)) {
      assertThatThrownBy(() -> library.workspace(new AttentionShape(2, 5, 7, 3, 8, 1)))
          .isInstanceOf(LibraryException.class)
          .hasMessage(
              "cuDNN has no plan for attention of 2 x 3 heads of 8, 5 queries, 7 keys, in"
                  + " bf16");
      assertThat(fake.alive()).as("all descriptors are given up").isZero();
      assertThat(fake.asked).as("what is fast, then what is general").isEqualTo(2);
    }
  }

  @Test
  void failuresTellWhatCudnnSays() {
    fake.stubs.with("cudnnBackendFinalize", "IJ", a -> 2001);
    try (Cudnn library = new Cudnn(fake.stubs)) {
      assertThatThrownBy(() -> library.workspace(new AttentionShape(1, 5, 7, 3, 8, 1)))
          .hasMessage(
              "cudnnBackendFinalize failed with CUDNN_STATUS_INVALID_VALUE (2001) for TENSOR of"
                  + " 1 x 3 heads of 8, 5 queries, 7 keys, in bf16: the reason of it");
    }
  }
}
