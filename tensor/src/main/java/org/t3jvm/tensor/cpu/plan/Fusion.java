package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.conv.ConvLowering;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which ops are computed together: a chain of ops of one shape, each the only reader of the one
 * before, becomes one step at its last op. What they pass on stays in cache, in the memory of the
 * last one's result.
 *
 * <p>A chain starts with a product or with a row-wise op. Elementwise ops follow either; row-wise
 * ones follow only row-wise ops, since a product makes no whole rows.
 *
 * <p>A convolution that is the only reader of an upsampling reads through it: its step reads the
 * upsampling's operand, and the upsampled value lies nowhere. So does a product whose left side is
 * transposed.
 */
final class Fusion {
  private final Map<Value, List<Value>> chains = new HashMap<>();
  private final Map<Value, Value> lasts = new HashMap<>();

  /** Values that are read through, and who does. */
  private final Map<Value, Value> readers = new HashMap<>();

  private Fusion() {}

  /**
   * Finds the chains of a graph.
   *
   * @param needed by id, whether an output depends on a value
   */
  static Fusion of(Graph graph, boolean[] needed) {
    int[] uses = uses(graph, needed);
    Fusion fusion = new Fusion();
    for (Value value : graph.values()) {
      if (needed[value.id()]) {
        fusion.extend(value, uses);
        Value through = readThrough(value.op());
        if (through != null && uses[through.id()] == 1) {
          fusion.readers.put(through, value);
        }
      }
    }
    return fusion;
  }

  /** The operand that the kernels of an op can read through. */
  private static @Nullable Value readThrough(Op op) {
    if (op instanceof Op.Conv3d conv && ConvLowering.readsThrough(conv)) {
      return conv.x();
    }
    return op instanceof Op.MatMul product && GemmLowering.readsThrough(product)
        ? product.a()
        : null;
  }

  /** How often each value is read, by id; being an output counts. */
  static int[] uses(Graph graph, boolean[] needed) {
    int[] uses = new int[graph.values().size()];
    for (Value value : graph.values()) {
      if (needed[value.id()]) {
        Reads.of(value).forEach(operand -> uses[operand.id()]++);
      }
    }
    graph.outputs().values().forEach(value -> uses[value.id()]++);
    return uses;
  }

  /** Appends a value to the chain of one of its operands, or starts a chain with it. */
  private void extend(Value value, int[] uses) {
    List<Value> chain = new ArrayList<>();
    for (Value operand : overwritableBy(value)) {
      List<Value> before = chains.get(operand);
      boolean better = chain.isEmpty() || (before != null && isProduct(before.getFirst()));
      if (before != null && uses[operand.id()] == 1 && follows(before, value) && better) {
        chain = new ArrayList<>(before);
      }
    }
    if (!chain.isEmpty()) {
      chains.remove(chain.getLast());
    } else if (!isProduct(value) && !isRowWise(value) && !isElementwise(value)) {
      return;
    }
    chain.add(value);
    chains.put(value, chain);
    for (Value member : chain) {
      lasts.put(member, value);
    }
  }

  private static boolean follows(List<Value> chain, Value value) {
    return isElementwise(value) || (isRowWise(value) && !isProduct(chain.getFirst()));
  }

  private static boolean isProduct(Value value) {
    return value.op() instanceof Op.Product product
        && switch (product) {
          case Op.Linear linear -> GemmLowering.takesEpilogue(linear);
          case Op.Conv3d conv -> ConvLowering.takesEpilogue(conv, value);
          case Op.MatMul _, Op.Attention _ -> false;
        };
  }

  private static boolean isElementwise(Value value) {
    return value.op() instanceof Op.Elementwise;
  }

  private static boolean isRowWise(Value value) {
    return value.op() instanceof Op.RowWise;
  }

  /** Operands of the result's shape that the kernel of a value may overwrite. */
  private static List<Value> overwritableBy(Value value) {
    return value.op().overwritable().stream()
        .filter(operand -> operand.shape().equals(value.shape()))
        .toList();
  }

  /** The value at whose step a value is computed: itself, its reader, or the last of a chain. */
  Value last(Value value) {
    Value reader = readers.getOrDefault(value, value);
    return lasts.getOrDefault(reader, reader);
  }

  /** True if no value but its reader's own kernels ever sees it, so that it lies nowhere. */
  boolean isReadThrough(Value value) {
    return readers.containsKey(value);
  }

  /** True if a value is computed at the step of a later one, in that one's memory or nowhere. */
  boolean absorbed(Value value) {
    return last(value) != value;
  }

  /** The values that a step computes, in order: the chain that ends with {@code last}. */
  List<Value> chain(Value last) {
    return chains.getOrDefault(last, List.of(last));
  }

  /** What the step of {@code last} reads, as often as it is read; not what it computes itself. */
  List<Value> operands(Value last) {
    List<Value> chain = chain(last);
    List<Value> operands = new ArrayList<>();
    for (Value member : chain) {
      for (Value operand : Reads.of(member)) {
        if (isReadThrough(operand)) {
          operands.addAll(operand.op().operands());
        } else if (!chain.contains(operand)) {
          operands.add(operand);
        }
      }
    }
    return operands;
  }

  /** Operands that the step of {@code last} may overwrite; see {@link Op#overwritable}. */
  List<Value> overwritable(Value last) {
    Value first = chain(last).getFirst();
    return isProduct(first) ? List.of() : overwritableBy(first);
  }
}
