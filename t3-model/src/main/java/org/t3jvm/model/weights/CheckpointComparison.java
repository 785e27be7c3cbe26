package org.t3jvm.model.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.scaled.Float8Weights;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.model.layout.Part;
import org.t3jvm.model.layout.PartNames;

/**
 * Compares the tensors of two checkpoints by name, a few rows at a time of files that are mapped,
 * so that memory does not grow with them. Quantised weights count with the values that they stand
 * for.
 */
public final class CheckpointComparison {
  private final Checkpoint actual;
  private final Checkpoint expected;

  /**
   * Names of known parts are compared as the original releases have them, behind any prefix, and F8
   * weights with their scales.
   *
   * @param actual whose errors are looked for
   * @param expected what its values should be
   * @throws CheckpointException if scales are lost or names of two layouts are mixed
   */
  public CheckpointComparison(Checkpoint actual, Checkpoint expected) throws CheckpointException {
    this.actual = original(actual);
    this.expected = original(expected);
  }

  private static Checkpoint original(Checkpoint file) throws CheckpointException {
    List<PartNames> parts = Part.findAll(file.entries().keySet());
    return parts.size() == 1 ? parts.getFirst().naming().part().of(file) : Float8Weights.of(file);
  }

  /**
   * One tensor, or all of one kind.
   *
   * @param name of the tensor, or the kind: names with {@code *} for the number of the layer
   * @param tensors how many there are
   * @param types the two element types, such as {@code q8 of BF16}
   * @param maxAbsolute the largest difference
   * @param relativeRms root mean square of the differences over that of the values
   */
  public record Line(
      String name, int tensors, String types, double maxAbsolute, double relativeRms) {}

  /**
   * What was found.
   *
   * @param tensors each tensor that both have in one shape
   * @param kinds the same by kind
   * @param total all of them together
   * @param unmatched tensors of one side alone or of two shapes, each with what is wrong
   */
  public record Result(List<Line> tensors, List<Line> kinds, Line total, List<String> unmatched) {}

  /** What tensors are summed up by. */
  private record Kind(String name, String types) {}

  /** Tensors that are summed up in one line. */
  private static final class Sum {
    private int tensors;
    private TensorError error = TensorError.NONE;

    void add(TensorError more) {
      tensors++;
      error = error.and(more);
    }

    Line line(Kind kind) {
      return new Line(kind.name, tensors, kind.types, error.maxAbsolute(), error.relativeRms());
    }
  }

  /**
   * Reads both files once.
   *
   * @param threads that compare a tensor's rows
   * @throws IOException if a tensor cannot be read
   */
  public Result compare(int threads) throws IOException {
    List<Line> tensors = new ArrayList<>();
    Map<Kind, Sum> kinds = new LinkedHashMap<>();
    Sum total = new Sum();
    List<String> unmatched = unmatched();
    for (TensorInfo info : expected.entries().values()) {
      TensorInfo other = actual.entries().get(info.name());
      if (other == null || !other.shape().equals(info.shape()) || isScales(expected, info)) {
        continue;
      }
      TensorError error =
          TensorError.of(
              Quantization.rows(actual, other), Quantization.rows(expected, info), threads);
      Sum single = new Sum();
      single.add(error);
      String types = type(actual, other) + " of " + type(expected, info);
      tensors.add(single.line(new Kind(info.name(), types)));
      kinds.computeIfAbsent(new Kind(kind(info.name()), types), key -> new Sum()).add(error);
      total.add(error);
    }
    List<Line> lines = new ArrayList<>();
    kinds.forEach((kind, sum) -> lines.add(sum.line(kind)));
    return new Result(tensors, lines, total.line(new Kind("all", "")), unmatched);
  }

  private List<String> unmatched() {
    List<String> unmatched = new ArrayList<>();
    for (TensorInfo info : expected.entries().values()) {
      TensorInfo other = actual.entries().get(info.name());
      if (other == null && !isScales(expected, info)) {
        unmatched.add(info + " is not in " + actual.description());
      } else if (other != null && !other.shape().equals(info.shape())) {
        unmatched.add("%s is %s in %s".formatted(info, other.shape(), actual.description()));
      }
    }
    for (TensorInfo info : actual.entries().values()) {
      if (!expected.entries().containsKey(info.name()) && !isScales(actual, info)) {
        unmatched.add(info + " is not in " + expected.description());
      }
    }
    return unmatched;
  }

  private static boolean isScales(Checkpoint checkpoint, TensorInfo info) {
    return Quantization.isScaleName(info.name())
        && checkpoint.entries().containsKey(Quantization.weightName(info.name()));
  }

  private static String type(Checkpoint checkpoint, TensorInfo info) {
    boolean q8 = info.type() == StoredType.I8 && Quantization.isQuantized(checkpoint, info);
    return q8 ? "q8" : info.type().name();
  }

  private static String kind(String name) {
    return name.replaceAll("\\.\\d+(?=\\.)", ".*");
  }
}
