package org.t3jvm.model.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.rewrite.BatchedGraph;

/**
 * Examples of one size that are computed by one graph, because alone they have too few tokens for
 * fast products. How many follows from the batch and the size alone, since it decides bits.
 *
 * @param count of examples, a divisor of the batch
 */
public record ExampleGroup(int count) {
  /** One example, which is large enough. */
  public static final ExampleGroup ALONE = new ExampleGroup(1);

  /** Rows of products from which more rows make them no faster. */
  private static final long ENOUGH_ROWS = 640;

  /**
   * The groups of a batch. There are at least two, for threads that compute them side by side.
   *
   * @param batch examples of a step
   * @param tokens of an example
   */
  public static ExampleGroup of(int batch, long tokens) {
    long most = Math.min(batch / 2, ENOUGH_ROWS / Math.max(1, tokens));
    int count = 1;
    for (int i = 2; i <= most; i++) {
      count = batch % i == 0 ? i : count;
    }
    return new ExampleGroup(count);
  }

  /** The graph of a group of the examples that a graph is for; its loss is their mean. */
  public Graph graph(Graph one) {
    return count == 1 ? one : BatchedGraph.mean(one, count, Objective.LOSS);
  }

  /** A group's inputs, of those of its examples, which have one size. */
  public Trainer.Example join(List<Trainer.Example> examples) {
    if (count == 1) {
      return examples.getFirst();
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      examples
          .get(i)
          .inputs()
          .forEach((name, tensor) -> inputs.put(BatchedGraph.input(name, number), tensor));
    }
    return new Trainer.Example(examples.getFirst().size(), inputs);
  }
}
