package org.t3jvm.model.train;

import java.util.HashMap;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * Examples for a DiT at random shares of noise (SPEC 21.2): of 1000 timesteps with shift 5 one is
 * drawn evenly; the loss takes its weight. Timestep and noise follow from the seed and the
 * example's number.
 */
public final class DitExamples {
  private static final int TIMESTEPS = 1000;
  private static final float SHIFT = 5;
  private static final long NUMBER_STEP = 0x9E3779B97F4A7C15L;

  private final DitConfig config;
  private final Objective objective;
  private final int longestText;
  private final long seed;
  private final FlowMatchScheduler schedule = new FlowMatchScheduler(TIMESTEPS, SHIFT);
  private final float[] weights = schedule.trainingWeights();

  /**
   * Examples of one run.
   *
   * @param objective {@link Objective#VELOCITY} or {@link Objective#SHARP_SAMPLE}
   * @param longestText rows of the longest context
   */
  public DitExamples(DitConfig config, Objective objective, int longestText, long seed) {
    this.config = config;
    this.objective = objective;
    this.longestText = longestText;
    this.seed = seed;
  }

  /** The graph with the loss for latents of a size [C, T, h, w]. */
  public Graph graph(SelfAttentionPlan plan, ParameterTypes parameters, Shape latents) {
    TokenGrid grid = config.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
    Dit.Job job = new Dit.Job(grid, TextRows.rowsFor(longestText), true, false);
    return objective.over(TrainedDit.graph(config, plan, parameters, job), Dit.VELOCITY);
  }

  /**
   * An example of a sample.
   *
   * @param number of the example in the run; no two examples have one
   */
  public Trainer.Example of(Sample sample, long number) {
    TorchRandom random = new TorchRandom(seed + NUMBER_STEP * (number + 1));
    int index = (int) (random.nextWord() % TIMESTEPS);
    Tensor x0 = sample.clip();
    Tensor noise = random.randn(x0.shape());
    float sigma = schedule.sigma(index);
    boolean sharp = objective == Objective.SHARP_SAMPLE;
    TextRows text = TextRows.fold(sample.context(), longestText);
    Map<String, Tensor> inputs = new HashMap<>();
    Tensor start = sharp ? NoisedSample.downUp(x0) : x0;
    inputs.put(Dit.LATENTS, NoisedSample.noised(start, noise, sigma));
    inputs.put(Objective.TARGET, sharp ? x0 : NoisedSample.velocity(x0, noise));
    inputs.put(Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), weights[index]));
    inputs.put(
        Dit.SINUSOID, TimestepEmbedding.sinusoid(config.freqDim(), schedule.timestep(index)));
    inputs.put(DitText.CONTEXT, text.context());
    inputs.put(Dit.TEXT_BIAS, text.bias());
    if (sharp) {
      inputs.put(Objective.SIGMA, Tensor.ofFloats(Shape.of(1), sigma));
    }
    return new Trainer.Example(x0.shape(), inputs);
  }
}
