package org.t3jvm.tensor.graph.rewrite;

import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * One rewrite of a graph, seen value by value. A pass treats regions of one kind alike, so that
 * what {@link Region} promises holds afterwards.
 */
@FunctionalInterface
public interface Pass {
  /** The pass that changes nothing. */
  Pass COPY = (value, op, to) -> to.append(op);

  /**
   * Traces what stands for a computed value, at the least {@code to.append(op)}.
   *
   * @param value of the old graph
   * @param op the value's op on values of the new graph
   * @param to traces the new graph
   * @return a value of the new graph of the old one's shape and dtype; it may be an operand of
   *     {@code op}, if nothing is to be computed
   */
  Value rewrite(Value value, Op.Computed op, Tracer to);
}
