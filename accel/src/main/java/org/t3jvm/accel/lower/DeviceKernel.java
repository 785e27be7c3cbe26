package org.t3jvm.accel.lower;

import static org.t3jvm.accel.lower.DeviceKernel.Shape.FLOATS;
import static org.t3jvm.accel.lower.DeviceKernel.Shape.SCRATCH;
import static org.t3jvm.accel.lower.DeviceKernel.Shape.WORDS;

import java.util.List;
import java.util.Locale;
import org.t3jvm.accel.slots.AttentionSlots;
import org.t3jvm.accel.slots.ElementwiseSlots;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.accel.slots.ProductSlots;
import org.t3jvm.accel.slots.RowSlots;

/** The kernels of this project; their operands are banks, the result first. */
public enum DeviceKernel {
  COPY(FLOATS, FLOATS),
  COPY_WORDS(WORDS, WORDS),
  COPY_STRIDED(FLOATS, FLOATS),
  GATHER_ROWS(WORDS, WORDS, FLOATS),
  SCATTER_ROWS(WORDS, WORDS, FLOATS),
  PATCHES(WORDS, WORDS),
  EMBEDDING(FLOATS, FLOATS, FLOATS),
  EMBEDDING_OF_HALVES(FLOATS, WORDS, FLOATS, FLOATS),
  DECODE_HALVES(FLOATS, WORDS, FLOATS),
  DECODE_BYTES(FLOATS, WORDS),
  SCALE_BLOCKS(FLOATS, FLOATS, FLOATS),
  UNARY(FLOATS, FLOATS),
  NARROW(FLOATS, FLOATS),
  BINARY(FLOATS, FLOATS, FLOATS),
  MODULATE(FLOATS, FLOATS, FLOATS, FLOATS),
  NORM(FLOATS, FLOATS, FLOATS, FLOATS),
  SOFTMAX(FLOATS, FLOATS),
  REDUCE(FLOATS, FLOATS),
  ROPE(FLOATS, FLOATS, FLOATS),
  GEMM(FLOATS, FLOATS, FLOATS, FLOATS),
  ATTENTION(FLOATS, FLOATS, FLOATS, FLOATS, FLOATS),
  CONV3D(FLOATS, FLOATS, FLOATS, FLOATS),
  ROUND(WORDS, FLOATS),
  WIDEN(FLOATS, WORDS),
  AVERAGE_ROWS(WORDS, WORDS, FLOATS),
  GEMM_BF16(FLOATS, WORDS, SCRATCH, WORDS, WORDS, FLOATS),
  LENGTHS(SCRATCH, WORDS),
  ATTENTION_BF16(WORDS, SCRATCH, WORDS, WORDS, WORDS);

  /** What an operand's bank holds. */
  public enum Shape {
    FLOATS,
    WORDS,
    SCRATCH
  }

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  private final List<Shape> operands;

  DeviceKernel(Shape... operands) {
    this.operands = List.of(operands);
  }

  /** What the banks of the operands hold, the result's first. */
  public List<Shape> operands() {
    return operands;
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
}
