package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.t3jvm.tensor.graph.Value;

/**
 * Which values of a graph share memory, and how long each memory is in use. A reshaped value lies
 * where its operand does. Moments are the ids of the values.
 */
final class Storage {
  /** From when to when memory is in use, both included. */
  record Moments(int first, int last) {}

  private final Packing packing;
  private final boolean sendsAhead;
  private final Map<Value, Value> owners = new HashMap<>();
  private final Map<Value, Integer> firsts = new HashMap<>();
  private final Map<Value, Integer> lasts = new HashMap<>();
  private final Map<Integer, List<Value>> firstReads = new HashMap<>();

  /** When a parameter or constant is read for the first time. */
  private final NavigableSet<Integer> parameterReads = new TreeSet<>();

  /**
   * @param sendsAhead whether a parameter's memory is in use from the op on that reads parameters
   *     before its own first does, so that it arrives meanwhile
   */
  Storage(Graph graph, Rounding rounding, boolean sendsAhead) {
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
