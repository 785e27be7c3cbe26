package org.t3jvm.loaders.open;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;

/**
 * The tensors that a model needs, by name.
 *
 * @param expected the shape of every tensor
 */
public record ExpectedTensors(Map<String, Shape> expected) {

  public ExpectedTensors {
    expected = new LinkedHashMap<>(expected);
  }

  /**
   * Checks that a checkpoint holds exactly these tensors, in shapes and types that can be loaded,
   * and the scales of those that are quantised.
   *
   * @throws CheckpointException if not, with every missing, unexpected, wrongly shaped and
   *     unsupported tensor; the first {@value Messages#MAX_LISTED} of each by name
   */
  public void check(Checkpoint checkpoint) throws CheckpointException {
    Quantization.requireKnown(checkpoint);
    Map<String, Shape> wanted = Quantization.withScales(expected, checkpoint);
    List<String> missing = new ArrayList<>();
    List<String> reshaped = new ArrayList<>();
    List<String> unsupported = new ArrayList<>();
    wanted.forEach(
        (name, shape) -> {
          TensorInfo info = checkpoint.entries().get(name);
          if (info == null) {
            missing.add(name + " " + shape);
          } else if (!info.shape().equals(shape)) {
            reshaped.add(name + " is " + info.shape() + ", should be " + shape);
          } else if (!info.supported()) {
            unsupported.add(name + " " + info.type());
          }
        });
    List<String> unexpected = new ArrayList<>();
    for (TensorInfo info : checkpoint.entries().values()) {
      if (!wanted.containsKey(info.name())) {
        unexpected.add(info.name() + " " + info.shape());
      }
    }
    List<String> problems = new ArrayList<>();
    add(problems, "missing", missing);
    add(problems, "unexpected", unexpected);
    add(problems, "of the wrong shape", reshaped);
    add(problems, "of an unsupported dtype", unsupported);
    if (!problems.isEmpty()) {
      throw new CheckpointException(checkpoint.description() + ": " + String.join("; ", problems));
    }
  }

  private static void add(List<String> problems, String kind, List<String> names) {
    if (!names.isEmpty()) {
      String noun = names.size() == 1 ? " tensor " : " tensors ";
      problems.add(names.size() + noun + kind + ": " + Messages.list(names));
    }
  }
}
