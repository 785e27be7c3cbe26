package org.t3jvm.accel.lower;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which values of a graph lie on the device as packed words. Parameters of fewer bits than F32 stay
 * as they are in their file. Where products take BF16, what only they read is kept as BF16: they
 * would round it each time. All other values are F32.
 */
public final class Packing {
  /** How elements lie on the device. */
  public enum Form {
    /** An element of a bank each. */
    F32(Bank.Kind.FLOATS),
    /** Words of what the tensor holds. */
    STORED(Bank.Kind.WORDS),
    /** Words of BF16, whatever the tensor holds. */
    BF16(Bank.Kind.WORDS),
    /** As BF16, of a convolution's weight [O, C, kt, kh, kw] as [O, kt, kh, kw, C]. */
    BF16_TAPS(Bank.Kind.WORDS);

    private final Bank.Kind kind;

    Form(Bank.Kind kind) {
      this.kind = kind;
    }

    /** The banks they lie in. */
    public Bank.Kind kind() {
      return kind;
    }
  }

  private final KernelSource kernels;
  private final Set<Value> products;
  private final Set<Value> rounded = new HashSet<>();
  private final Set<Value> taps = new HashSet<>();

  public Packing(Graph graph, Rounding rounding) {
    this.kernels = rounding.kernels();
    this.products = rounding.products(graph);
    Map<Value, Value> owners = new HashMap<>();
    Set<Value> otherwise = new HashSet<>();
    for (Value value : graph.values()) {
      Value owner =
          value.op() instanceof MovementOp.Reshape reshape ? owner(owners, reshape.x()) : value;
      owners.put(value, owner);
      if (HostOps.computes(value)) {
        otherwise.add(value);
      }
      for (Value operand : value.op().operands()) {
        if (takesBf16(value, operand)) {
          rounded.add(owner(owners, operand));
        } else if (!(value.op() instanceof MovementOp.Reshape) || isStored(owner)) {
          otherwise.add(owner(owners, operand));
        }
      }
    }
    graph.outputs().values().forEach(output -> otherwise.add(owner(owners, output)));
    rounded.removeAll(otherwise);
    rounded.removeIf(Packing::isBrought);
    for (Value product : products) {
      if (product.op() instanceof Op.Conv3d conv) {
        taps.add(conv.weight());
      }
    }
    owners.forEach(
        (value, owner) -> {
          if (rounded.contains(owner)) {
            rounded.add(value);
          }
        });
  }

  private static Value owner(Map<Value, Value> owners, Value value) {
    return owners.getOrDefault(value, value);
  }

  /** Inputs and constants come as F32. */
  private static boolean isBrought(Value value) {
    return value.op() instanceof Op.Input || value.op() instanceof Op.Constant;
  }

  /** Whether a value is a parameter of fewer bits than F32. */
  public static boolean isStored(Value value) {
    return value.op() instanceof Op.Parameter
        && (value.dtype() == DType.F16 || value.dtype() == DType.BF16 || value.dtype() == DType.I8);
  }

  /** Whether a value is kept as BF16, whatever its dtype. */
  public boolean isRounded(Value value) {
    return rounded.contains(value);
  }

  /** Whether a value lies on the device as words. */
  boolean isPacked(Value value) {
    return form(value) != Form.F32;
  }

  /** The form in which a value lies. */
  public Form form(Value value) {
    if (isRounded(value)) {
      return taps.contains(value) ? Form.BF16_TAPS : Form.BF16;
    }
    return isStored(value) ? Form.STORED : Form.F32;
  }

  /** The banks in which a value lies. */
  public Bank.Kind kind(Value value) {
    return form(value).kind();
  }

  /** Elements of a bank that a value takes: words if it is packed. */
  public long elements(Value value) {
    long count = value.shape().elements();
    if (isRounded(value)) {
      return words(count);
    }
    return isStored(value)
        ? Math.ceilDiv(count * value.dtype().byteSize(), Bank.ELEMENT_BYTES)
        : count;
  }

  /** Words of so many half floats. */
  public static long words(long count) {
    return Math.ceilDiv(count, 2);
  }

  /** Whether an operand must be decoded to F32 for an op. */
  public boolean decodes(Value value, Value operand) {
    return isPacked(operand) && !readsPacked(value, operand);
  }

  /** Whether an operand must be rounded to BF16 for an op, since it lies otherwise. */
  public boolean rounds(Value value, Value operand) {
    return takesBf16(value, operand) && !isBf16(operand);
  }

  /** What computes products. */
  KernelSource kernels() {
    return kernels;
  }

  /** Whether a value is a product of operands rounded to BF16. */
  boolean isBf16Product(Value value) {
    return products.contains(value);
  }

  /** Whether a packed operand is read as it lies. */
  boolean readsPacked(Value value, Value operand) {
    return switch (value.op()) {
      case Op.Embedding embedding ->
          embedding.table().equals(operand) && operand.dtype() != DType.I8;
      case Op.Scaled scaled -> scaled.codes().equals(operand);
      case MovementOp.Reshape reshape -> isRounded(reshape.x());
      case Op.Product _ -> takesBf16(value, operand) && isBf16(operand);
      case Op.Given _,
          Op.Elementwise _,
          Op.RowWise _,
          Op.Reduction _,
          MovementOp.Cast _,
          MovementOp.Permute _,
          MovementOp.Slice _,
          MovementOp.Concat _,
          MovementOp.Upsample _,
          GradientOp.Broadcast _ ->
          false;
      // The host reads what it was given, not what lies on the device.
      case GradientOp _ -> true;
    };
  }

  private boolean takesBf16(Value value, Value operand) {
    return isBf16Product(value)
        && value.op() instanceof Op.Product product
        && Rounding.rounds(product, operand);
  }

  private boolean isBf16(Value value) {
    return isRounded(value) || (isStored(value) && value.dtype() == DType.BF16);
  }

  /** Whether a value is computed as F32 first, and rounded then. */
  public boolean isRoundedAfter(Value value) {
    return isRounded(value)
        && !(value.op() instanceof Op.Parameter)
        && !(value.op() instanceof MovementOp.Reshape)
        && !isBf16Product(value);
  }

  /** Whether a value that is kept as F32 is computed as BF16 first. */
  public boolean isWidenedAfter(Value value) {
    return !isRounded(value) && value.op() instanceof Op.Attention && isBf16Product(value);
  }
}
