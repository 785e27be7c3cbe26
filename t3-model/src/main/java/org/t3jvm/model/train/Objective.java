package org.t3jvm.model.train;

import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.rewrite.GraphRewriter;

/** What a model's output is trained towards: a loss over it, with inputs of its own. */
public enum Objective {
  /**
   * Velocities towards {@link #TARGET}, {@code w mean((v - (eps - x0))^2)}: flow matching, and
   * ViBe's first stage (SPEC 21.2).
   */
  VELOCITY {
    @Override
    Value loss(Tracer g, Graph traced, Value output) {
      Value target = g.input(TARGET, DType.F32, output.shape());
      return g.mul(weight(g), Losses.squared(g, output, target));
    }
  },

  /**
   * The sharp sample from a noised blurred one, {@code w mean((x - sigma v - x0)^2)} with x0 as
   * {@link #TARGET}: HFATO (SPEC 21.2).
   */
  SHARP_SAMPLE {
    @Override
    Value loss(Tracer g, Graph traced, Value output) {
      Value noised = traced.inputs().get(Dit.LATENTS);
      if (noised == null) {
        throw new TraceException("loss", "the graph has no input '" + Dit.LATENTS + "'");
      }
      Value target = g.input(TARGET, DType.F32, output.shape());
      Value sigma = g.input(SIGMA, DType.F32, Shape.of(1));
      Value sample = g.sub(noised, g.mul(sigma, output));
      return g.mul(weight(g), Losses.squared(g, sample, target));
    }
  },

  /** {@code mean((y - target)^2)}. */
  REGRESSION {
    @Override
    Value loss(Tracer g, Graph traced, Value output) {
      return Losses.squared(g, output, g.input(TARGET, DType.F32, output.shape()));
    }
  };

  /** Name of the loss's output, [1]. */
  public static final String LOSS = "loss";

  /** Name of the input that the output is compared with, of its shape. */
  public static final String TARGET = "target";

  /** Name of the input that the loss is multiplied by, [1]: the timestep's weight. */
  public static final String WEIGHT = "loss.weight";

  /** Name of the input that holds the share of noise, [1]. */
  public static final String SIGMA = "sigma";

  /** Traces the loss of an output of what is traced so far. */
  abstract Value loss(Tracer g, Graph traced, Value output);

  /**
   * A graph with its loss as a further output, {@link #LOSS}.
   *
   * @param output name of the output that is trained
   */
  public Graph over(Graph graph, String output) {
    Tracer g = new Tracer();
    Map<String, Value> outputs = GraphRewriter.inline(graph, g, Map.of());
    outputs.forEach(g::output);
    Value trained = outputs.get(output);
    if (trained == null) {
      throw new TraceException(
          "loss", "'%s' is no output; there are %s".formatted(output, outputs.keySet()));
    }
    g.output(LOSS, loss(g, g.graph(), trained));
    return g.graph();
  }

  private static Value weight(Tracer g) {
    return g.input(WEIGHT, DType.F32, Shape.of(1));
  }
}
