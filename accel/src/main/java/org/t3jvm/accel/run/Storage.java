package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.lower.Rounding;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowParts;
import org.t3jvm.tensor.graph.Value;

/**
 * Which values of a graph share memory, and how long each memory is in use. A reshaped value lies
 * where its operand does. Moments are the ids of the values.
 */
final class Storage {
  /** From when to when memory is in use, both included. */
  record Moments(int first, int last) {}

  /** Parts of a value that a bank holds together, so that little of it stays free. */
  private static final int PARTS_OF_BANK = 4;

  private final Packing packing;
  private final boolean sendsAhead;
  private final Map<Value, Value> owners = new HashMap<>();
  private final Set<Value> divisible = new HashSet<>();
  private final Map<Value, Long> parts = new HashMap<>();
  private final Map<Value, Integer> firsts = new HashMap<>();
  private final Map<Value, Integer> lasts = new HashMap<>();
  private final Map<Integer, List<Value>> firstReads = new HashMap<>();

  /** When a parameter or constant is read for the first time. */
  private final NavigableSet<Integer> parameterReads = new TreeSet<>();

  /**
   * @param most elements of a value that a bank holds
   * @param all elements that all banks hold
   * @param sendsAhead whether a parameter's memory is in use from the op on that reads parameters
   *     before its own first does, so that it arrives meanwhile
   */
  Storage(Graph graph, Rounding rounding, long most, long all, boolean sendsAhead) {
    this.sendsAhead = sendsAhead;
    this.packing = new Packing(graph, rounding);
    for (Value value : graph.values()) {
      Value owner = ownerOf(value);
      owners.put(value, owner);
      for (Value operand : value.op().operands()) {
        use(owner(operand), value.id());
      }
      if (owner.equals(value) && !isGiven(value)) {
        use(value, value.id());
      }
    }
    for (Value output : graph.outputs().values()) {
      if (!isGiven(owner(output))) {
        use(owner(output), output.id());
      }
    }
    divide(graph, most, all);
    firsts.forEach(
        (value, first) -> {
          if (isGiven(value)) {
            firstReads.computeIfAbsent(first, id -> new ArrayList<>()).add(value);
          }
          if (Residency.stays(value)) {
            parameterReads.add(first);
          }
        });
  }

  /** Divides values that no bank holds, if they may be divided, into parts of whole rows. */
  private void divide(Graph graph, long most, long all) {
    if (graph.values().stream().noneMatch(value -> value.shape().elements() > most)) {
      return;
    }
    divisible.addAll(RowParts.of(graph));
    for (Value value : divisible) {
      long elements = value.shape().elements();
      if (elements > most && elements <= all) {
        parts.merge(owner(value), value.shape().dim(-1), Storage::commonMultiple);
      }
    }
    parts.replaceAll((owner, row) -> Math.max(1, most / PARTS_OF_BANK / row) * row);
  }

  /** Whether a value may lie in parts, if it is too large for a bank. */
  boolean isDivisible(Value value) {
    return divisible.contains(value);
  }

  private static long commonMultiple(long a, long b) {
    long divisor = a;
    for (long rest = b; rest != 0; ) {
      long before = divisor;
      divisor = rest;
      rest = before % rest;
    }
    return a / divisor * b;
  }

  /** Elements of the parts in which a value lies, or 0 if it lies in one place. */
  long part(Value owner) {
    return parts.getOrDefault(owner, 0L);
  }

  /** How values lie. */
  Packing packing() {
    return packing;
  }

  private Value ownerOf(Value value) {
    return value.op() instanceof MovementOp.Reshape reshape && !Packing.isStored(reshape.x())
        ? owner(reshape.x())
        : value;
  }

  private void use(Value owner, int moment) {
    firsts.merge(owner, moment, Math::min);
    lasts.merge(owner, moment, Math::max);
  }

  /** Whether a value is there before a run: an input, a parameter or a constant. */
  static boolean isGiven(Value value) {
    return value.op() instanceof Op.Given;
  }

  /** The value whose memory another shares: itself, or what it reshapes. */
  public Value owner(Value value) {
    Value owner = owners.get(value);
    if (owner == null) {
      throw new IllegalArgumentException(value + " is not of this graph");
    }
    return owner;
  }

  /** The values that have memory of their own and are used, in the order of the graph. */
  List<Value> owners() {
    Set<Value> used = new TreeSet<>((a, b) -> Integer.compare(a.id(), b.id()));
    used.addAll(firsts.keySet());
    return List.copyOf(used);
  }

  /** The given values that are read at a moment for the first time. */
  List<Value> firstReads(int moment) {
    return firstReads.getOrDefault(moment, List.of());
  }

  /** When a value's memory is in use. */
  Moments moments(Value owner) {
    int first = firsts.getOrDefault(owner, owner.id());
    if (sendsAhead && Residency.stays(owner)) {
      Integer before = parameterReads.lower(first);
      first = before == null ? first : before;
    }
    return new Moments(first, lasts.getOrDefault(owner, owner.id()));
  }
}
