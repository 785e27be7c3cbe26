package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * What happens at one value of a program.
 *
 * @param value the value
 * @param computed all values that it computes, fused ones first
 * @param lowered its kernels, none if it is given or a view
 * @param copies names of the outputs that are copied from it afterwards
 */
public record Step(Value value, List<Value> computed, LoweredOp lowered, List<String> copies) {
  /** The steps of a graph, in order. */
  static List<Step> of(Graph graph, Placement placement) {
    List<Step> steps = new ArrayList<>();
    for (Value value : graph.values()) {
      List<String> copies = placement.copies(value);
      if (placement.computed(value)) {
        steps.add(new Step(value, placement.members(value), placement.lower(value), copies));
      } else if (!copies.isEmpty()) {
        steps.add(new Step(value, List.of(), new LoweredOp(List.of(), 0), copies));
      }
    }
    return steps;
  }
}
