package org.t3jvm.tensor.grad;

import java.util.Collection;
import java.util.function.Predicate;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Value;

/**
 * Gradients of a loss as a rewrite of its graph. The result is an ordinary graph, with the outputs
 * of the given one and, for each name asked for, the output {@link #nameOf}: F32, of the shape of
 * the parameter or input. All sums are taken in an order that the graph fixes.
 *
 * <p>Parameters that are differentiated by become inputs of the result: they change between runs,
 * and no backend may keep them.
 */
public final class Gradients {
  private static final String PREFIX = "grad.";

  private Gradients() {}

  /** Name of the output that holds the gradient of a parameter or input. */
  public static String nameOf(String parameter) {
    return PREFIX + parameter;
  }

  /**
   * The graph that computes a loss and its gradients, which keeps every value that they need.
   *
   * @param loss name of an F32 output of one element
   * @param wanted names of F32, F16 or BF16 parameters and inputs
   * @throws TraceException if a name is unknown or an op between has no gradient, naming it
   */
  public static Graph of(Graph graph, String loss, Collection<String> wanted) {
    return of(graph, loss, wanted, region -> false);
  }

  /**
   * The same with less memory: the values within some regions are not kept but computed again when
   * the gradients of that region are. The gradients are the same, bit for bit.
   *
   * @param recomputed which regions are computed twice
   */
  public static Graph of(
      Graph graph, String loss, Collection<String> wanted, Predicate<Region> recomputed) {
    Value value = graph.outputs().get(loss);
    if (value == null) {
      throw new TraceException(
          "gradient", "'%s' is no output; there are %s".formatted(loss, graph.outputs().keySet()));
    }
    if (!value.dtype().isFloating() || value.shape().elements() != 1) {
      throw new TraceException("gradient", "the loss must be one F32 number, got " + value);
    }
    Reverse reverse = new Reverse(graph, value, Dependence.of(graph, value, wanted), recomputed);
    return reverse.trace(wanted);
  }
}
