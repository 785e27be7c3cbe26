package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Elements that computing a value takes beside its operands and itself.
 *
 * @param what lies there
 * @param kind of the bank
 * @param elements how many
 */
public record Room(What what, Bank.Kind kind, long elements) {
  /** What lies in a room. */
  public enum What {
    /** What some positions of a convolution look at. */
    PATCHES,
    /** Rows of an attention in the order of their windows, or of one window. */
    QUERIES,
    KEYS,
    VALUES,
    RESULTS
  }

  /** Words of patches at a time: few enough to stay in a GPU's cache until they are multiplied. */
  private static final long PATCH_WORDS = 1 << 23;

  /** The rooms for a value. */
  public static List<Room> of(Value value, Packing packing) {
    List<Room> rooms = new ArrayList<>();
    if (value.op() instanceof Op.Product product && packing.isBf16Product(value)) {
      switch (product) {
        case Op.Conv3d op -> rooms.add(patches(value, op));
        case Op.Attention op when !LibraryAttention.tables(op, packing.kernels()).isEmpty() -> {
          for (What rows : List.of(What.QUERIES, What.KEYS, What.VALUES, What.RESULTS)) {
            rooms.add(new Room(rows, Bank.Kind.WORDS, Packing.words(value.shape().elements())));
          }
        }
        case Op.Linear _, Op.MatMul _, Op.Attention _ -> {}
      }
    } else if (value.op() instanceof Op.Attention op
        && op.pattern() instanceof AttentionPattern.Inward) {
      rooms.addAll(AttentionLowering.roomsOfInward(op));
    }
    return rooms;
  }

  private static Room patches(Value value, Op.Conv3d op) {
    long positions = value.shape().elements() / value.shape().dim(-1);
    long words = op.weight().shape().inner(0) / 2;
    return new Room(
        What.PATCHES, Bank.Kind.WORDS, Math.clamp(PATCH_WORDS / words, 1, positions) * words);
  }
}
