package org.t3jvm.loaders.scaled;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
 * A checkpoint with F8 weights, each with its scales [1, 1], [rows, 1] or, of blocks, [rows, k]
 * under {@link Quantization#scaleName}. Files name the scales of {@code X.weight} {@code
 * X.scale_weight}, {@code X.weight_scale}, {@code X.scale_inv}, {@code X.weight_scale_inv}, {@code
 * X.weight.scale_weight}, or as here; all are factors of the codes. In a file without any scale the
 * codes are the weights. What else stands beside such weights (the marker {@code scaled_fp8},
 * scales of activations) is left out.
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
        if (scale.isPresent()) {
          requireScales(file.info(scale.get()), info);
        }
        scalesInFile.put(Quantization.scaleName(info.name()), scale);
      }
    }
    for (TensorInfo info : file.entries().values()) {
      if (isCode(info)) {
        String scale = Quantization.scaleName(info.name());
        entries.put(info.name(), info);
        Shape shape = scalesShape(info);
        entries.put(scale, new TensorInfo(scale, StoredType.F32, shape, 4 * shape.elements()));
      } else if (!isBeside(info.name())) {
        entries.put(info.name(), info);
      }
    }
    requireNoneLost();
  }

  /**
   * The checkpoint with its scales found; the checkpoint itself if it has no F8 weights.
   *
   * @throws CheckpointException if scales have another shape, or a matrix has none in a file where
   *     others have; {@code file} stays open
   */
  public static Checkpoint of(Checkpoint file) throws CheckpointException {
    boolean any =
        file.entries().values().stream().anyMatch(info -> Quantization.isFloat8(info.type()));
    return any ? new Float8Weights(file) : file;
  }

  private static boolean isCode(TensorInfo info) {
    return Quantization.isFloat8(info.type()) && !isMarker(info.name());
  }

  private void requireScales(TensorInfo scales, TensorInfo weight) throws CheckpointException {
    if (!isOne(scales) && !isByRow(scales, weight) && !isByBlock(scales, weight)) {
      throw new CheckpointException(
          "%s: tensor %s holds the scales of %s %s; one number, one for each of its rows, or one for each of equal blocks is supported"
              .formatted(
                  file.description(),
                  Messages.plain(scales.toString()),
                  Messages.quote(weight.name()),
                  weight.shape()));
    }
    if (!scales.supported()) {
      throw new CheckpointException(file.description() + ": " + scales.unsupported());
    }
  }

  private static boolean isOne(TensorInfo scales) {
    return scales.shape().elements() == 1;
  }

  private static boolean isByRow(TensorInfo scales, TensorInfo weight) {
    long rows = weight.shape().rank() < 2 ? -1 : weight.shape().dim(0);
    Shape shape = scales.shape();
    return shape.elements() == rows && (shape.rank() == 1 || shape.dim(0) == rows);
  }

  /** Whether scales [n, k] are those of blocks of a weight [N, K], n dividing N and k K. */
  private static boolean isByBlock(TensorInfo scales, TensorInfo weight) {
    Shape blocks = scales.shape();
    Shape whole = weight.shape();
    return whole.rank() == 2
        && blocks.rank() == 2
        && blocks.elements() > 0
        && whole.dim(0) % blocks.dim(0) == 0
        && whole.dim(1) % blocks.dim(1) == 0;
  }

  /** Codes without their scale are hundreds of times too large, and look like any other number. */
  private void requireNoneLost() throws CheckpointException {
    boolean scaled =
        file.entries().keySet().stream().anyMatch(Float8Weights::isMarker)
            || scalesInFile.values().stream().anyMatch(Optional::isPresent);
    List<String> lost = new ArrayList<>();
    for (TensorInfo info : file.entries().values()) {
      if (isCode(info)
          && info.shape().rank() == 2
          && info.name().endsWith("." + WEIGHT)
          && scaleOf(info.name(), file.entries().keySet()).isEmpty()) {
        lost.add(info.name());
      }
    }
    if (scaled && !lost.isEmpty()) {
      throw new CheckpointException(
          "%s: F8 weights without a scale in a file of scaled weights (%d): %s; the file is damaged, get it again"
              .formatted(file.description(), lost.size(), Messages.list(lost)));
    }
  }

  private Shape scalesShape(TensorInfo weight) {
    Optional<String> scale = scalesInFile.get(Quantization.scaleName(weight.name()));
    TensorInfo scales = scale == null ? null : file.entries().get(scale.orElse(""));
    if (scales == null || isOne(scales)) {
      return ONE;
    }
    return isByRow(scales, weight)
        ? Shape.of(scales.shape().elements(), 1)
        : Shape.of(weight.shape().dim(0), scales.shape().dim(1));
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
    return Stream.of(
            module + "scale_weight",
            weight + "_scale",
            weight + "_scale_inv",
            module + "scale_inv",
            weight + ".scale_weight",
            Quantization.scaleName(weight))
        .filter(names::contains)
        .findFirst();
  }

  @Override
  public String description() {
    return file.description();
  }

  @Override
  public List<Path> files() {
    return file.files();
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
    Tensor scales = stored.dtype() == DType.F32 ? stored : stored.to(DType.F32);
    Shape shape = info(name).shape();
    return shape.elements() == scales.shape().elements()
        ? scales.reshape(shape)
        : rowByRow(scales, shape);
  }

  /** Scales of blocks of rows, repeated for each of the rows. */
  private static Tensor rowByRow(Tensor blocks, Shape shape) {
    long rows = shape.dim(0) / blocks.shape().dim(0);
    Tensor scales = Tensor.allocate(DType.F32, shape);
    for (long row = 0; row < shape.dim(0); row++) {
      scales.rows(row, 1).copyFrom(blocks.rows(row / rows, 1));
    }
    return scales;
  }

  @Override
  public long decodedBytes() {
    return file.decodedBytes();
  }

  @Override
  public void release(String name) {
    file.release(name);
  }

  @Override
  public void close() {
    file.close();
  }
}
