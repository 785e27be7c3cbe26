package org.t3jvm.tensor.backend;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;

/** A compiled graph with bound parameters; runs any number of times, one run at a time. */
public interface Program extends AutoCloseable {
  /** The graph this program runs. */
  Graph graph();

  /**
   * Runs once.
   *
   * @param inputs one tensor for every input of the graph, of its dtype and shape; one over
   *     read-only memory is taken not to change while the program lives, so that a device may keep
   *     it
   * @param outputs tensors to fill, for any of the graph's outputs, of their dtypes and shapes
   * @param listener called after each region; may throw to stop the run
   * @throws BackendException if an input or output is missing, unknown, or of another dtype or
   *     shape
   */
  void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener);

  /** Runs once into newly allocated tensors, one for every output. */
  default Map<String, Tensor> run(Map<String, Tensor> inputs) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    graph()
        .outputs()
        .forEach((name, value) -> outputs.put(name, Tensor.allocate(value.dtype(), value.shape())));
    run(inputs, outputs, RegionListener.NONE);
    return outputs;
  }

  /**
   * Gives back what only runs need: working memory, and inputs that were kept from one run for the
   * next. Parameters stay where they are; the next run takes again what it needs.
   */
  default void release() {}

  /** What a run needs, known before it starts. */
  MemoryPlan memoryPlan();

  @Override
  void close();
}
