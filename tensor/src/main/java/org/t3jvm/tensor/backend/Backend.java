package org.t3jvm.tensor.backend;

import org.t3jvm.tensor.graph.Graph;

/** A machine that compiles graphs. Closing it frees its workers and all that its programs hold. */
public interface Backend extends AutoCloseable {
  /** The provider's name, such as {@code cpu}. */
  String name();

  /**
   * Compiles a graph and binds its parameters, which must stay readable while the program lives.
   *
   * @throws BackendException if a parameter's dtype or shape is not the graph's, or an op is not
   *     supported, naming both
   */
  Program compile(Graph graph, Parameters parameters);

  @Override
  void close();
}
