package org.t3jvm.tensor.backend;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.RowParts;

/** A machine that compiles graphs. Closing it frees its workers and all that its programs hold. */
public interface Backend extends AutoCloseable {
  /** The provider's name, such as {@code cpu}. */
  String name();

  /**
   * What decides the bits of its results beside graph and tensors, such as its device and the
   * precision of its products; results of backends with another identity are not to be mixed.
   */
  default String identity() {
    return name();
  }

  /**
   * Compiles a graph and binds its parameters, which must stay readable while the program lives.
   *
   * @throws BackendException if a parameter's dtype or shape is not the graph's, or an op is not
   *     supported, naming both
   */
  Program compile(Graph graph, Parameters parameters);

  /** A sequence of runs of this backend's programs, with nothing left yet. */
  default Carry carry() {
    return new HostCarry();
  }

  /**
   * What a program of this graph would need, from shapes alone: no parameter is bound and nothing
   * is allocated. Empty if this backend knows that only after compiling.
   *
   * @throws BackendException if an op is not supported
   */
  default Optional<MemoryPlan> plan(Graph graph) {
    return Optional.empty();
  }

  /** Bytes that values and scratch may take, if that is not what the host has free. */
  default OptionalLong memoryLimit() {
    return OptionalLong.empty();
  }

  /** Elements that a value may have which an op takes as a whole, see {@link RowParts}. */
  default long maxElements() {
    return Long.MAX_VALUE;
  }

  /** What the operands of its products are rounded to. */
  default Precision precision() {
    return Precision.F32;
  }

  /** What it computes products and attention with. */
  default KernelSource kernels() {
    return KernelSource.JAVA;
  }

  /**
   * Operations a second that its F32 kernels approach and none exceeds, measured in a fraction of a
   * second. Empty if only running kernels can show what they reach, or if the machine is too busy.
   */
  default OptionalDouble peak() {
    return OptionalDouble.empty();
  }

  /** What it did so far that is worth telling people, such as the time to compile kernels. */
  default List<String> report() {
    return List.of();
  }

  @Override
  void close();
}
