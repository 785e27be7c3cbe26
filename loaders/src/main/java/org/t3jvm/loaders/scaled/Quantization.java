package org.t3jvm.loaders.scaled;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.Q8;
import org.t3jvm.tensor.quantize.WeightRows;

/** How a file marks quantised weights: names of tensors, and text in its metadata. */
public final class Quantization {
  private static final String SCALE_SUFFIX = ".q8_scale";
  private static final String SCHEME_KEY = "quantization";
  private static final String BLOCK_KEY = "quantization.block";
  private static final String SCHEME = "q8";

  private Quantization() {}

  /** Name of the scales of a weight. */
  public static String scaleName(String weight) {
    return weight + SCALE_SUFFIX;
  }

  /** Whether this is the name of a weight's scales. */
  public static boolean isScaleName(String name) {
    return name.endsWith(SCALE_SUFFIX);
  }

  /** Name of the weight whose scales {@link #isScaleName} has found. */
  public static String weightName(String scales) {
    return scales.substring(0, scales.length() - SCALE_SUFFIX.length());
  }

  /** Whether a checkpoint's tensor is one of codes that have scales. */
  public static boolean isQuantized(Checkpoint checkpoint, TensorInfo info) {
    return isCodes(info.type()) && checkpoint.entries().containsKey(scaleName(info.name()));
  }

  private static boolean isCodes(StoredType type) {
    return type == StoredType.I8 || isFloat8(type);
  }

  /**
   * Whether elements are codes of 8-bit floating numbers, whose scales {@link Float8Weights} finds.
   */
  public static boolean isFloat8(StoredType type) {
    return type.dtype() != null && type.dtype().isFloat8();
  }

  /**
   * The values of a checkpoint's tensor: those that codes and scales stand for, else its own.
   *
   * @throws CheckpointException if it cannot be read, or its scales are not those of such codes
   */
  public static WeightRows rows(Checkpoint checkpoint, TensorInfo info) throws CheckpointException {
    Tensor tensor = checkpoint.tensor(info.name());
    if (!isQuantized(checkpoint, info)) {
      return WeightRows.of(tensor);
    }
    try {
      return WeightRows.of(tensor, checkpoint.tensor(scaleName(info.name())));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s: tensor %s: %s"
              .formatted(checkpoint.description(), Messages.quote(info.name()), e.getMessage()),
          e);
    }
  }

  /** The metadata of a file with quantised weights. */
  public static Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(SCHEME_KEY, SCHEME);
    metadata.put(BLOCK_KEY, Integer.toString(Q8.BLOCK));
    return metadata;
  }

  /**
   * The shapes that a model needs, and those of the scales for what a checkpoint holds as I8 or F8.
   */
  public static Map<String, Shape> withScales(Map<String, Shape> expected, Checkpoint checkpoint) {
    Map<String, Shape> all = new LinkedHashMap<>();
    expected.forEach(
        (name, shape) -> {
          all.put(name, shape);
          TensorInfo info = checkpoint.entries().get(name);
          if (info != null && info.type() == StoredType.I8 && shape.rank() == 2) {
            all.put(scaleName(name), Q8.scalesShape(shape));
          } else if (info != null && isFloat8(info.type())) {
            TensorInfo scales = checkpoint.entries().get(scaleName(name));
            all.put(scaleName(name), scales == null ? Shape.of(1, 1) : scales.shape());
          }
        });
    return all;
  }

  /**
   * Fails if a checkpoint is quantised in another way than {@link Q8}'s.
   *
   * @throws CheckpointException naming the file and its mark or a weight
   */
  public static void requireKnown(Checkpoint checkpoint) throws CheckpointException {
    for (Map.Entry<String, String> known : metadata().entrySet()) {
      String mark = checkpoint.metadata().get(known.getKey());
      if (mark != null && !mark.equals(known.getValue())) {
        throw new CheckpointException(
            "%s: its metadata has %s %s, supported is %s; convert it again from the original"
                .formatted(
                    checkpoint.description(),
                    known.getKey(),
                    Messages.quote(mark),
                    known.getValue()));
      }
    }
    for (TensorInfo info : checkpoint.entries().values()) {
      if (info.type() == StoredType.I8
          && info.shape().rank() == 2
          && !isQuantized(checkpoint, info)) {
        throw new CheckpointException(
            "%s: tensor %s is int8 of another program, without scales as %s; take the BF16, F8 or GGUF release, or make int8 of it with t3 convert --dtype q8"
                .formatted(
                    checkpoint.description(),
                    Messages.quote(info.name()),
                    Messages.quote(scaleName(info.name()))));
      }
    }
  }
}
