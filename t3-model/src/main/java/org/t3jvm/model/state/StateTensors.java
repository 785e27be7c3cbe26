package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.tensor.Tensor;

/** Tensors of a state as safetensors files. */
final class StateTensors {
  private static final String LATENTS = "latents";
  private static final String POSITIVE = "text.positive";
  private static final String NEGATIVE = "text.negative";
  private static final String FIRST_FRAME = "first_frame";
  private static final String SOLVER = "solver.";

  private StateTensors() {}

  /** The tensors of a state between two steps, by their names in files. */
  static Map<String, Tensor> of(RunState state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(LATENTS, state.latents());
    tensors.put(POSITIVE, state.prompts().positive());
    put(tensors, NEGATIVE, state.prompts().negative());
    put(tensors, FIRST_FRAME, state.firstFrame());
    state.solver().forEach((name, tensor) -> tensors.put(SOLVER + name, tensor));
    return tensors;
  }

  private static void put(Map<String, Tensor> tensors, String name, @Nullable Tensor tensor) {
    if (tensor != null) {
      tensors.put(name, tensor);
    }
  }

  /**
   * The state of these tensors after {@code step} steps.
   *
   * @throws IOException naming the file, if tensors are missing
   */
  static RunState state(Path file, Map<String, Tensor> tensors, int step) throws IOException {
    Tensor latents = tensors.get(LATENTS);
    Tensor positive = tensors.get(POSITIVE);
    if (latents == null || positive == null) {
      throw new IOException("%s: holds no latents and text of a run".formatted(file));
    }
    Map<String, Tensor> solver = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(SOLVER)) {
            solver.put(name.substring(SOLVER.length()), tensor);
          }
        });
    return new RunState(
        new Prompts(positive, tensors.get(NEGATIVE)),
        tensors.get(FIRST_FRAME),
        step,
        latents,
        solver);
  }

  /** Writes tensors to a file that appears when it is whole and on disk. */
  static StoredFile write(Path file, Map<String, Tensor> tensors) throws IOException {
    List<TensorInfo> layout =
        tensors.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList();
    SafetensorsWriter.write(
        file, layout, name -> Objects.requireNonNull(tensors.get(name)), Map.of());
    return StoredFile.of(file);
  }

  /** Copies of all tensors of a file. */
  static Map<String, Tensor> read(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      for (String name : checkpoint.entries().keySet()) {
        Tensor mapped = checkpoint.tensor(name);
        Tensor copy = Tensor.allocate(mapped.dtype(), mapped.shape());
        copy.copyFrom(mapped);
        tensors.put(name, copy);
      }
    }
    return tensors;
  }
}
