package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Map;
import org.t3jvm.model.train.ExampleGroup;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;
import org.t3jvm.train.TrainingStage;

/** What differs from one kind of model to another. */
interface TrainingTask extends AutoCloseable {
  /** Weights that the training starts from, F32, all of them by name. */
  Map<String, Tensor> initial() throws IOException;

  /** Parameters that stay as they are. */
  Parameters frozen();

  /** The clips of a stage, encoded. */
  Dataset data(TrainingStage stage) throws IOException;

  /** Whether a clip is long and large enough for a stage. */
  boolean fits(TrainingStage stage, Shape clip);

  /** The size of a clip's examples, as {@link #graph} takes it. */
  Shape size(TrainingStage stage, Shape clip);

  /**
   * The size of a stage's examples where no clip is known.
   *
   * @throws org.t3jvm.job.JobException if the stage takes each clip at its own size
   */
  Shape planned(TrainingStage stage);

  /** The graph with the loss of an example of a size, over weights of these names. */
  Graph graph(Shape size, Map<String, Tensor> weights);

  /**
   * An example.
   *
   * @param index in its step, from 0
   * @param random numbers of this example alone
   */
  Trainer.Example example(TrainingStage stage, Sample sample, int index, TorchRandom random);

  /** How many examples of a size are computed by one graph. */
  ExampleGroup group(TrainingStage stage, Shape size);

  /** Tokens of an example of a size, or latent cells. */
  long tokens(Shape size);

  /** What a stage does to weights before its first step, in place. */
  void enter(TrainingStage stage, Map<String, Tensor> weights);

  /**
   * A picture of what the weights do so far, always of the same clip.
   *
   * @param clip that suits the stage
   */
  BufferedImage sample(TrainingStage stage, Sample clip, Map<String, Tensor> weights);

  /** Writes what was trained where the job has it. */
  void write(Map<String, Tensor> weights) throws IOException;

  @Override
  void close();
}
