package org.t3jvm.loaders.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.quantized.Quantization;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.Q8;

/**
 * A checkpoint with some of its weights as codes and scales of {@link Q8}, made some rows at a
 * time; everything else, and what is quantised already, keeps every bit.
 */
public final class Q8Conversion implements Conversion {
  /** Elements of rows that are quantised together, at least one row. */
  private static final long CHUNK = 1 << 24;

  private final Checkpoint checkpoint;
  private final Map<String, TensorInfo> layout = new LinkedHashMap<>();

  /**
   * @param chosen which tensors to quantise, where {@link Q8#takes} allows it
   */
  public Q8Conversion(Checkpoint checkpoint, Predicate<TensorInfo> chosen) {
    this.checkpoint = checkpoint;
    for (TensorInfo info : checkpoint.entries().values()) {
      DType dtype = info.type().dtype();
      if (dtype != null && Q8.takes(dtype, info.shape()) && chosen.test(info)) {
        add(info.name(), StoredType.I8, info.shape());
        add(Quantization.scaleName(info.name()), StoredType.F32, Q8.scalesShape(info.shape()));
      } else {
        layout.put(info.name(), info);
      }
    }
  }

  private void add(String name, StoredType type, Shape shape) {
    layout.put(name, new TensorInfo(name, type, shape, type.bytes(shape.elements())));
  }

  @Override
  public List<TensorInfo> layout() {
    return new ArrayList<>(layout.values());
  }

  /** How many weights are, or will be, quantised. */
  public long quantized() {
    return layout.keySet().stream().filter(Quantization::isScaleName).count();
  }

  /** The checkpoint's own, and what says how its weights are quantised. */
  @Override
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>(checkpoint.metadata());
    if (quantized() > 0) {
      metadata.putAll(Quantization.metadata());
    }
    return metadata;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CheckpointException if a weight is NaN or infinite
   */
  @Override
  public void write(TensorInfo info, AtomicFile file) throws IOException {
    TensorInfo stored = checkpoint.entries().get(info.name());
    if (info.equals(stored)) {
      file.write(checkpoint.tensor(info.name()).segment());
      return;
    }
    boolean codes = stored != null;
    String name = codes ? info.name() : Quantization.weightName(info.name());
    Tensor weight = checkpoint.tensor(name);
    long rows = weight.shape().dim(0);
    long together = Math.max(1, CHUNK / weight.shape().dim(1));
    for (long row = 0; row < rows; row += together) {
      try {
        write(weight.rows(row, Math.min(together, rows - row)), codes, file);
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            "%s: tensor %s cannot be quantised: from row %d on, %s"
                .formatted(checkpoint.description(), Messages.quote(name), row, e.getMessage()),
            e);
      }
    }
  }

  private static void write(Tensor weight, boolean wantsCodes, AtomicFile file)
      throws CheckpointException {
    try (Arena arena = Arena.ofShared()) {
      Tensor scales = Tensor.allocate(arena, DType.F32, Q8.scalesShape(weight.shape()));
      Q8.scales(weight, scales);
      if (!wantsCodes) {
        file.write(scales.segment());
        return;
      }
      Tensor codes = Tensor.allocate(arena, DType.I8, weight.shape());
      Q8.codes(weight, scales, codes);
      file.write(codes.segment());
    }
  }
}
