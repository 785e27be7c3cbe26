package org.t3jvm.loaders.quantized;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A checkpoint with F8_E4M3 weights, each with its one scale under {@link Quantization#scaleName}.
 * Files name the scale of {@code X.weight} {@code X.scale_weight}, {@code X.weight_scale} or {@code
 * X.weight.scale_weight}; a weight without one has scale 1. What else stands beside such weights
 * (the marker {@code scaled_fp8}, scales of activations) is dropped.
 */
public final class Float8Weights implements Checkpoint {
  private static final Shape ONE = Shape.of(1, 1);
  private static final String MARKER = "scaled_fp8";
  private static final String WEIGHT = "weight";

  private final Checkpoint file;
  private final Map<String, TensorInfo> entries = new LinkedHashMap<>();
  private final Map<String, Optional<String>> scalesInFile = new LinkedHashMap<>();

  private Float8Weights(Checkpoint file) throws CheckpointException {
    this.file = file;
    Set<String> names = file.entries().keySet();
    for (TensorInfo info : file.entries().values()) {
      if (isCode(info)) {
        Optional<String> scale = scaleOf(info.name(), names);
        if (scale.isPresent() && file.info(scale.get()).shape().elements() != 1) {
          throw new CheckpointException(
              "%s: tensor %s is the scale of %s and must be one number; scales by block are not supported"
                  .formatted(
                      file.description(), file.info(scale.get()), Messages.quote(info.name())));
        }
        scalesInFile.put(Quantization.scaleName(info.name()), scale);
      }
    }
    for (TensorInfo info : file.entries().values()) {
      if (isCode(info)) {
        String scale = Quantization.scaleName(info.name());
        entries.put(info.name(), info);
        entries.put(scale, new TensorInfo(scale, StoredType.F32, ONE, Float.BYTES));
      } else if (!isBeside(info.name())) {
        entries.put(info.name(), info);
      }
    }
  }

  /**
   * The checkpoint with its scales found; the checkpoint itself if it has no F8_E4M3 weights.
   *
   * @throws CheckpointException if a scale is not one number; {@code file} stays open
   */
  public static Checkpoint of(Checkpoint file) throws CheckpointException {
    boolean any =
        file.entries().values().stream().anyMatch(info -> info.type() == StoredType.F8_E4M3);
    return any ? new Float8Weights(file) : file;
  }

  private static boolean isCode(TensorInfo info) {
    return info.type() == StoredType.F8_E4M3 && !isMarker(info.name());
  }

  private static boolean isMarker(String name) {
    return name.equals(MARKER) || name.endsWith("." + MARKER);
  }

  private boolean isBeside(String name) {
    return isMarker(name)
        || name.endsWith(".scale_input")
        || name.endsWith(".input_scale")
        || name.endsWith(".comfy_quant")
        || scalesInFile.containsValue(Optional.of(name));
  }

  private static Optional<String> scaleOf(String weight, Set<String> names) {
    String module =
        weight.endsWith("." + WEIGHT)
            ? weight.substring(0, weight.length() - WEIGHT.length())
            : weight + ".";
    return Stream.of(module + "scale_weight", weight + "_scale", weight + ".scale_weight")
        .filter(names::contains)
        .findFirst();
  }

  @Override
  public String description() {
    return file.description();
  }

  @Override
  public Map<String, TensorInfo> entries() {
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Map<String, String> metadata() {
    return file.metadata();
  }

  @Override
  public Tensor tensor(String name) throws CheckpointException {
    Optional<String> scale = scalesInFile.get(info(name).name());
    if (scale == null) {
      return file.tensor(name);
    }
    if (scale.isEmpty()) {
      return Tensor.ofFloats(ONE, 1);
    }
    Tensor stored = file.tensor(scale.get());
    return stored.dtype() == DType.F32 ? stored.reshape(ONE) : stored.to(DType.F32).reshape(ONE);
  }

  @Override
  public void close() {
    file.close();
  }
}
