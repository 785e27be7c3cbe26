package org.t3jvm.model.train;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * Examples for a DiT at random shares of noise. Shares and noise follow from the random numbers of
 * an example alone.
 */
public final class DitExamples {
  private static final float SHIFT = 5;

  private final DitConfig config;
  private final Objective objective;
  private final int longestText;
  private final NoiseDraw draw;
  private final Optional<TrainedText> encoder;

  /** As ViBe's stages draw their noise (SPEC 21.2), over contexts that are given. */
  public DitExamples(DitConfig config, Objective objective, int longestText) {
    this(config, objective, longestText, NoiseDraw.table(SHIFT, true), Optional.empty());
  }

  /**
   * Examples of one run.
   *
   * @param objective {@link Objective#VELOCITY} or {@link Objective#SHARP_SAMPLE}
   * @param longestText rows of the longest context
   * @param draw of the shares of noise
   * @param encoder the text encoder, if it is trained; then samples hold the ids of tokens
   */
  public DitExamples(
      DitConfig config,
      Objective objective,
      int longestText,
      NoiseDraw draw,
      Optional<TrainedText> encoder) {
    this.config = config;
    this.objective = objective;
    this.longestText = longestText;
    this.draw = draw;
    this.encoder = encoder;
  }

  /** The graph with the loss for latents of a size [C, T, h, w]. */
  public Graph graph(SelfAttentionPlan plan, ParameterTypes parameters, Shape latents) {
    TokenGrid grid = config.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
    Dit.Job job = new Dit.Job(grid, TextRows.rowsFor(longestText), true, false);
    return objective.over(TrainedDit.graph(config, plan, parameters, job, encoder), Dit.VELOCITY);
  }

  /**
   * An example of a sample.
   *
   * @param index of the example in its step, from 0
   * @param batch examples of the step
   * @param random numbers that no other example has
   */
  public Trainer.Example of(Sample sample, int index, int batch, TorchRandom random) {
    NoiseDraw.Level level = draw.of(index, batch, random);
    Tensor x0 = sample.clip();
    Tensor noise = random.randn(x0.shape());
    boolean sharp = objective == Objective.SHARP_SAMPLE;
    Map<String, Tensor> inputs = new HashMap<>(text(sample.context()));
    Tensor start = sharp ? NoisedSample.downUp(x0) : x0;
    inputs.put(Dit.LATENTS, NoisedSample.noised(start, noise, level.sigma()));
    inputs.put(Objective.TARGET, sharp ? x0 : NoisedSample.velocity(x0, noise));
    inputs.put(Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), level.weight()));
    inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(config.freqDim(), level.timestep()));
    if (sharp) {
      inputs.put(Objective.SIGMA, Tensor.ofFloats(Shape.of(1), level.sigma()));
    }
    return new Trainer.Example(x0.shape(), inputs);
  }

  private Map<String, Tensor> text(Tensor context) {
    if (encoder.isEmpty()) {
      TextRows rows = TextRows.fold(context, longestText);
      return Map.of(DitText.CONTEXT, rows.context(), Dit.TEXT_BIAS, rows.bias());
    }
    Map<String, Tensor> inputs = TrainedText.inputs(context, longestText);
    Tensor empty = Tensor.allocate(DType.F32, Shape.of(context.shape().dim(0), 1));
    inputs.put(Dit.TEXT_BIAS, TextRows.fold(empty, longestText).bias());
    return inputs;
  }
}
