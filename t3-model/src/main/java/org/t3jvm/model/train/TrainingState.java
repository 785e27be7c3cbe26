package org.t3jvm.model.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.train.data.DataPosition;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/**
 * All that a training run resumes from, in one file that appears when it is whole. Noise and
 * timesteps follow from the run's seed and the step, and need no state.
 *
 * @param job what the run was started with; a run with another one is not this one
 * @param step the next step, counted from 0, those that were skipped included
 * @param position of the next batch in the data
 * @param optimizerSteps steps that the optimiser took
 * @param weights what is trained
 * @param optimizer the optimiser's state
 * @param averages of the weights, empty if there are none
 */
public record TrainingState(
    String job,
    long step,
    DataPosition position,
    long optimizerSteps,
    Map<String, Tensor> weights,
    Map<String, Tensor> optimizer,
    Map<String, Tensor> averages) {
  private static final String WEIGHTS = "weights.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String AVERAGES = "averages.";
  private static final String JOB = "t3.training.job";
  private static final String STEP = "t3.training.step";
  private static final String OPTIMIZER_STEPS = "t3.training.optimizer_steps";
  private static final String EPOCH = "t3.training.epoch";
  private static final String BATCH = "t3.training.batch";

  /** Writes the state; a file that was there stays until the new one is complete. */
  public void write(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.forEach((name, tensor) -> tensors.put(WEIGHTS + name, tensor));
    optimizer.forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
    averages.forEach((name, tensor) -> tensors.put(AVERAGES + name, tensor));
    List<TensorInfo> layout =
        tensors.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList();
    SafetensorsWriter.write(
        file,
        layout,
        name -> Objects.requireNonNull(tensors.get(name)),
        Map.of(
            JOB, job,
            STEP, Long.toString(step),
            OPTIMIZER_STEPS, Long.toString(optimizerSteps),
            EPOCH, Integer.toString(position.epoch()),
            BATCH, Integer.toString(position.batch())));
  }

  /**
   * Reads a state.
   *
   * @throws IOException naming the file, if it is none or is damaged
   */
  public static TrainingState read(Path file) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Map<String, String> metadata = checkpoint.metadata();
      return new TrainingState(
          text(file, metadata, JOB),
          number(file, metadata, STEP),
          new DataPosition(
              Math.toIntExact(number(file, metadata, EPOCH)),
              Math.toIntExact(number(file, metadata, BATCH))),
          number(file, metadata, OPTIMIZER_STEPS),
          tensors(checkpoint, WEIGHTS),
          tensors(checkpoint, OPTIMIZER),
          tensors(checkpoint, AVERAGES));
    }
  }

  private static String text(Path file, Map<String, String> metadata, String key)
      throws IOException {
    String value = metadata.get(key);
    if (value == null) {
      throw new IOException(
          "%s: is no state of a training run, its metadata has no '%s'".formatted(file, key));
    }
    return value;
  }

  private static long number(Path file, Map<String, String> metadata, String key)
      throws IOException {
    String value = text(file, metadata, key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IOException("%s: '%s' is '%s', no number".formatted(file, key, value), e);
    }
  }

  /** Copies of the tensors of a kind, in memory. */
  private static Map<String, Tensor> tensors(Checkpoint checkpoint, String prefix)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : checkpoint.entries().keySet()) {
      if (name.startsWith(prefix)) {
        Tensor stored = checkpoint.tensor(name);
        Tensor copy = Tensor.allocate(DType.F32, stored.shape());
        copy.copyFrom(stored);
        tensors.put(name.substring(prefix.length()), copy);
      }
    }
    return tensors;
  }
}
