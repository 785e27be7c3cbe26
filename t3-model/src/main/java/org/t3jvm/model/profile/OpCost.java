package org.t3jvm.model.profile;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/**
 * What values that are computed together cost.
 *
 * @param op names of their ops, joined by +
 * @param result the last value, as messages show it
 * @param bytes of what is read from outside, parameters included, and of the last value
 * @param flop see {@link OpWork#flop}
 */
record OpCost(String op, String result, long bytes, double flop) {
  static OpCost of(List<Value> values) {
    Set<Value> read = new HashSet<>();
    values.forEach(value -> read.addAll(value.op().operands()));
    values.forEach(read::remove);
    Value last = values.getLast();
    long bytes = OpWork.bytes(last) + read.stream().mapToLong(OpWork::bytes).sum();
    return new OpCost(
        values.stream().map(value -> value.op().opName()).collect(Collectors.joining("+")),
        last.toString(),
        bytes,
        values.stream().mapToDouble(OpWork::flop).sum());
  }
}
