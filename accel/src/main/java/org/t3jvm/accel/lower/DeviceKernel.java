package org.t3jvm.accel.lower;

import static org.t3jvm.accel.lower.DeviceKernel.Shape.FLOATS;
import static org.t3jvm.accel.lower.DeviceKernel.Shape.SCRATCH;
import static org.t3jvm.accel.lower.DeviceKernel.Shape.WORDS;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.t3jvm.accel.slots.AttentionSlots;
import org.t3jvm.accel.slots.ElementwiseSlots;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.ProductSlots;
import org.t3jvm.accel.slots.RowSlots;

/**
 * The kernels of this project: threads of a work group, bytes of local memory that a group takes,
 * and what the operands' banks hold, the result's first.
 */
public enum DeviceKernel {
  COPY(64, 0, FLOATS, FLOATS),
  COPY_WORDS(64, 0, WORDS, WORDS),
  COPY_STRIDED(64, 0, FLOATS, FLOATS),
  GATHER_ROWS(64, 0, WORDS, WORDS, FLOATS),
  SCATTER_ROWS(64, 0, WORDS, WORDS, FLOATS),
  PATCHES(64, 0, WORDS, WORDS),
  EMBEDDING(64, 0, FLOATS, FLOATS, FLOATS),
  EMBEDDING_OF_HALVES(64, 0, FLOATS, WORDS, FLOATS, FLOATS),
  DECODE_HALVES(64, 0, FLOATS, WORDS, FLOATS),
  DECODE_BYTES(64, 0, FLOATS, WORDS),
  SCALE_BLOCKS(64, 0, FLOATS, FLOATS, FLOATS),
  UNARY(64, 0, FLOATS, FLOATS),
  NARROW(64, 0, FLOATS, FLOATS),
  BINARY(64, 0, FLOATS, FLOATS, FLOATS),
  MODULATE(64, 0, FLOATS, FLOATS, FLOATS, FLOATS),
  NORM(64, 256, FLOATS, FLOATS, FLOATS, FLOATS),
  SOFTMAX(64, 256, FLOATS, FLOATS),
  REDUCE(64, 256, FLOATS, FLOATS),
  ROPE(64, 0, FLOATS, FLOATS, FLOATS),
  GEMM(256, 8192, FLOATS, FLOATS, FLOATS, FLOATS),
  ATTENTION(256, 26112, FLOATS, FLOATS, FLOATS, FLOATS, FLOATS),
  CONV3D(256, 8192, FLOATS, FLOATS, FLOATS, FLOATS),
  ROUND(64, 0, WORDS, FLOATS),
  WIDEN(64, 0, FLOATS, WORDS),
  AVERAGE_ROWS(64, 0, WORDS, WORDS, FLOATS),
  GEMM_BF16(256, 32768, FLOATS, WORDS, SCRATCH, WORDS, WORDS, FLOATS),
  LENGTHS(64, 256, SCRATCH, WORDS),
  ATTENTION_BF16(256, 43008, WORDS, SCRATCH, WORDS, WORDS, WORDS);

  /** Columns of a head of which a work group of attention computes results. */
  public static final int HEAD_COLUMNS = 128;

  /** What an operand's bank holds. */
  public enum Shape {
    FLOATS,
    WORDS,
    SCRATCH
  }

  private final int group;
  private final int localBytes;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<Shape> operands;

  DeviceKernel(int group, int localBytes, Shape... operands) {
    this.group = group;
    this.localBytes = localBytes;
    this.operands = List.of(operands);
  }

  /** Threads of a work group. */
  public int group() {
    return group;
  }

  /** Bytes of local memory that a work group takes. */
  public int localBytes() {
    return localBytes;
  }

  /** What the banks of the operands hold, the result's first. */
  public List<Shape> operands() {
    return operands;
  }

  /**
   * The operands in the order in which the function takes them, after the launch's ints and floats:
   * by their numbers in {@link #operands}, results last.
   */
  public List<Integer> arguments() {
    return switch (this) {
      case GEMM_BF16 -> List.of(3, 4, 5, 2, 0, 1);
      case ATTENTION_BF16 -> List.of(2, 3, 4, 1, 0);
      default ->
          IntStream.rangeClosed(1, operands.size()).mapToObj(i -> i % operands.size()).toList();
    };
  }

  /**
   * Rows of a result, such as queries, that a work group computes at a time; 1 where it has none of
   * its own.
   */
  public int tile() {
    return switch (this) {
      case GEMM, CONV3D, ATTENTION -> 64;
      case GEMM_BF16, ATTENTION_BF16 -> 128;
      default -> 1;
    };
  }

  /** The name in messages. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The interface that names the places of its numbers. */
  public Class<?> slots() {
    return switch (this) {
      case COPY, COPY_WORDS, DECODE_BYTES, ROUND, WIDEN -> MoveSlots.Copy.class;
      case COPY_STRIDED -> MoveSlots.CopyStrided.class;
      case GATHER_ROWS, SCATTER_ROWS, AVERAGE_ROWS -> MoveSlots.Rows.class;
      case PATCHES -> MoveSlots.Patches.class;
      case EMBEDDING -> MoveSlots.Embedding.class;
      case EMBEDDING_OF_HALVES -> MoveSlots.EmbeddingOfHalves.class;
      case DECODE_HALVES -> MoveSlots.DecodeHalves.class;
      case SCALE_BLOCKS -> MoveSlots.ScaleBlocks.class;
      case UNARY -> ElementwiseSlots.Unary.class;
      case NARROW -> ElementwiseSlots.Narrow.class;
      case BINARY -> ElementwiseSlots.Binary.class;
      case MODULATE -> ElementwiseSlots.Modulate.class;
      case NORM -> RowSlots.Norm.class;
      case SOFTMAX -> RowSlots.Softmax.class;
      case REDUCE -> RowSlots.Reduce.class;
      case ROPE -> RowSlots.Rope.class;
      case LENGTHS -> RowSlots.Lengths.class;
      case GEMM -> ProductSlots.Gemm.class;
      case GEMM_BF16 -> ProductSlots.GemmBf16.class;
      case CONV3D -> ProductSlots.Conv3d.class;
      case ATTENTION -> AttentionSlots.Attention.class;
      case ATTENTION_BF16 -> AttentionSlots.AttentionBf16.class;
    };
  }

  /** The name of its function in generated text, as {@code t3_gemm}. */
  public String entry() {
    return "t3_" + label();
  }

  /** Whether it multiplies on tensor cores or reads what is rounded for them. */
  public boolean isBf16() {
    return switch (this) {
      case ROUND, WIDEN, AVERAGE_ROWS, GATHER_ROWS, SCATTER_ROWS, PATCHES -> true;
      case GEMM_BF16, LENGTHS, ATTENTION_BF16 -> true;
      default -> false;
    };
  }
}
