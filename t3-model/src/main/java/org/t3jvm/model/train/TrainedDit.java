package org.t3jvm.model.train;

import java.util.Map;
import java.util.Optional;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.rewrite.GraphRewriter;

/**
 * The diffusion transformer with its text side as one graph: inputs {@link Dit#LATENTS}, {@link
 * Dit#SINUSOID} and {@link DitText#CONTEXT}, or the tokens of a text encoder that is trained with
 * it; output {@link Dit#VELOCITY}.
 */
public final class TrainedDit {
  private TrainedDit() {}

  /**
   * The graph of one forward pass over contexts of {@code job.textRows()} rows.
   *
   * @param encoder the text encoder, if it is trained
   */
  public static Graph graph(
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes parameters,
      Dit.Job job,
      Optional<TrainedText> encoder) {
    Tracer g = new Tracer();
    Map<String, Value> context =
        encoder
            .map(text -> Map.of(DitText.CONTEXT, text.trace(g, parameters, job.textRows())))
            .orElse(Map.of());
    Map<String, Value> text =
        GraphRewriter.inline(
            DitText.graph(config, parameters, job.textRows(), Taps.NONE), g, context);
    Graph dit = Dit.graph(config, plan, parameters, job, Taps.NONE);
    GraphRewriter.inline(dit, g, text).forEach(g::output);
    return g.graph();
  }
}
