package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.t3jvm.job.JobException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.train.TrainingJob;

/** Weights that are trained: where they come from, and their files. */
final class TaskWeights {
  private TaskWeights() {}

  /**
   * The folder that a training starts from.
   *
   * @param sizes field of the sizes that could be given instead
   * @throws JobException if the job has neither
   */
  static Path start(TrainingJob job, String sizes) {
    Path start = job.files().start();
    if (start == null) {
      throw new JobException(
          "%s is missing, must be sizes unless files.start is given".formatted(sizes));
    }
    return start;
  }

  /**
   * The folder with the parts that are not trained.
   *
   * @throws JobException if the job has none
   */
  static Path parts(TrainingJob job) {
    return job.files()
        .parts()
        .orElseThrow(
            () ->
                new JobException(
                    "files.model is missing, must be the folder of a model with a VAE"));
  }

  /** Weights that are made from nothing, under names that begin with {@code prefix}. */
  static Map<String, Tensor> made(
      String prefix, Map<String, Shape> shapes, InitialWeights initial) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) ->
            weights.put(prefix + name, Tensor.ofFloats(shape, initial.values(name, shape))));
    return weights;
  }

  /** F32 copies of stored weights, under names that begin with {@code prefix}. */
  static Map<String, Tensor> copied(String prefix, Collection<String> names, Parameters stored) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (String name : names) {
      Tensor from = stored.tensor(name).to(DType.F32);
      Tensor copy = Tensor.allocate(DType.F32, from.shape());
      copy.copyFrom(from);
      weights.put(prefix + name, copy);
    }
    return weights;
  }

  /** The weights whose names begin with {@code prefix}, without it. */
  static Map<String, Tensor> under(String prefix, Map<String, Tensor> weights) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return part;
  }

  /**
   * Writes weights to a file, which appears when it is complete.
   *
   * @param metadata of the file, beside its format
   */
  static void write(Path file, Map<String, Tensor> weights, Map<String, String> metadata)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    List<TensorInfo> layout =
        weights.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList();
    Map<String, String> texts = new TreeMap<>(metadata);
    texts.put("format", "pt");
    SafetensorsWriter.write(file, layout, name -> Objects.requireNonNull(weights.get(name)), texts);
  }
}
