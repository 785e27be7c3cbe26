package org.t3jvm.accel.lower;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;

/** Numbers that kernels look up, computed on the host in float64 and uploaded once. */
public final class Tables {
  private static final int HALVES = 1 << 16;
  private static final double ROPE_BASE = 10000;

  private Tables() {}

  /** A table; equal ones are one on the device. */
  public sealed interface Table {
    /** F32 elements of the table, computed anew. */
    Tensor elements();

    /** How many elements it has. */
    long count();
  }

  /** What each of the 65,536 bit patterns of a half float stands for. */
  public record Halves(DType dtype) implements Table {
    @Override
    public long count() {
      return HALVES;
    }

    @Override
    public Tensor elements() {
      Tensor bits = Tensor.allocate(dtype, Shape.of(HALVES));
      for (int i = 0; i < HALVES; i++) {
        bits.segment().set(BITS, 2L * i, (short) i);
      }
      return bits.to(DType.F32);
    }

    private static final ValueLayout.OfShort BITS =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  /** Cosine and sine [positions, pairs, 2] of the rotary angles of t, then h, then w (SPEC 4). */
  public record Rotations(TokenGrid grid, int headDim) implements Table {
    /** Pairs that turn with an axis, t, h or w. */
    int pairs(int axis) {
      int side = headDim / 3;
      return (axis == 0 ? headDim - 2 * side : side) / 2;
    }

    private int positions(int axis) {
      return switch (axis) {
        case 0 -> grid.t();
        case 1 -> grid.h();
        default -> grid.w();
      };
    }

    /** The first element of an axis. */
    int start(int axis) {
      int start = 0;
      for (int before = 0; before < axis; before++) {
        start += positions(before) * pairs(before) * 2;
      }
      return start;
    }

    @Override
    public long count() {
      return start(3);
    }

    @Override
    public Tensor elements() {
      Tensor table = Tensor.allocate(DType.F32, Shape.of(count()));
      long at = 0;
      for (int axis = 0; axis < 3; axis++) {
        for (int position = 0; position < positions(axis); position++) {
          for (int j = 0; j < pairs(axis); j++) {
            double angle = position * Math.pow(ROPE_BASE, -(double) j / pairs(axis));
            table.setDouble(at++, Math.cos(angle));
            table.setDouble(at++, Math.sin(angle));
          }
        }
      }
      return table;
    }
  }

  /** Token rows in the order of their windows. */
  public record WindowRows(List<RowBox> boxes) implements Table {
    @Override
    public long count() {
      return boxes.stream().mapToLong(RowBox::rows).sum();
    }

    @Override
    public Tensor elements() {
      return WindowBatches.of(boxes).rows();
    }
  }

  /** The tables that computing a value takes. */
  public static List<Table> of(Value value, Packing packing) {
    List<Table> tables = new ArrayList<>();
    if (value.op() instanceof Op.Attention attention && packing.isBf16Product(value)) {
      tables.addAll(LibraryAttention.tables(attention, packing.kernels()));
    }
    if (value.op() instanceof Op.Rope rope) {
      tables.add(rotations(rope));
    }
    for (Value operand : value.op().operands()) {
      halves(operand).ifPresent(tables::add);
    }
    return tables;
  }

  static Rotations rotations(Op.Rope rope) {
    return new Rotations(rope.grid(), rope.x().shape().intDim(1) / rope.heads());
  }

  /** The table that decodes a parameter, if it is stored as half floats. */
  static Optional<Table> halves(Value value) {
    boolean half = value.dtype() == DType.F16 || value.dtype() == DType.BF16;
    return half && value.op() instanceof Op.Parameter
        ? Optional.of(new Halves(value.dtype()))
        : Optional.empty();
  }
}
