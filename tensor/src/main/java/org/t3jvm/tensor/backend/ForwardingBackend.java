package org.t3jvm.tensor.backend;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.t3jvm.tensor.graph.Graph;

/**
 * A backend around another one, which answers all that is not overridden. What is made by it, its
 * programs and carries, is left to the one around it.
 */
public interface ForwardingBackend extends Backend {
  /** The backend within. */
  Backend backend();

  @Override
  default String name() {
    return backend().name();
  }

  @Override
  default String identity() {
    return backend().identity();
  }

  @Override
  Carry carry();

  @Override
  default Optional<MemoryPlan> plan(Graph graph) {
    return backend().plan(graph);
  }

  @Override
  default Precision precision() {
    return backend().precision();
  }

  @Override
  default KernelSource kernels() {
    return backend().kernels();
  }

  @Override
  default OptionalLong memoryLimit() {
    return backend().memoryLimit();
  }

  @Override
  default long maxElements() {
    return backend().maxElements();
  }

  @Override
  default List<String> report() {
    return backend().report();
  }

  @Override
  default void close() {
    backend().close();
  }
}
