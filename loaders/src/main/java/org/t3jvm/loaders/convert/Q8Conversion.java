package org.t3jvm.loaders.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.scaled.Float8Weights;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.Q8;
import org.t3jvm.tensor.quantize.WeightRows;

/**
 * A checkpoint with some of its weights as codes and scales of {@link Q8}, made some rows at a
 * time; everything else, and what is quantised already, keeps every bit.
 */
public final class Q8Conversion implements Conversion {
  /** Elements of rows that are quantised together, at least one row. */
  private static final long CHUNK = 1 << 24;

  private final Checkpoint checkpoint;
  private final int threads;
  private final Map<String, TensorInfo> layout = new LinkedHashMap<>();
  private final Set<String> made = new HashSet<>();

  /**
   * @param chosen which tensors to quantise: floating or F8 matrices
   * @param threads that quantise a tensor
   * @throws CheckpointException if scales of F8 weights are lost or of another shape
   */
  public Q8Conversion(Checkpoint file, Predicate<TensorInfo> chosen, int threads)
      throws CheckpointException {
    this.checkpoint = Float8Weights.of(file);
    this.threads = threads;
    for (TensorInfo info : checkpoint.entries().values()) {
      if (takes(info) && chosen.test(info)) {
        made.add(info.name());
        add(info.name(), StoredType.I8, info.shape());
        add(Quantization.scaleName(info.name()), StoredType.F32, Q8.scalesShape(info.shape()));
      } else if (!made.contains(weightOf(info.name()))) {
        layout.put(info.name(), info);
      }
    }
  }

  /** The weight that a name of scales belongs to; of another name, itself. */
  private static String weightOf(String name) {
    return Quantization.isScaleName(name) ? Quantization.weightName(name) : name;
  }

  private static boolean takes(TensorInfo info) {
    DType dtype = info.type().dtype();
    return dtype != null && Q8.takes(dtype.isFloat8() ? DType.F32 : dtype, info.shape());
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
    return layout.values().stream()
        .filter(info -> info.type() == StoredType.I8)
        .filter(info -> layout.containsKey(Quantization.scaleName(info.name())))
        .count();
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
    String name = weightOf(info.name());
    if (!made.contains(name)) {
      file.write(checkpoint.tensor(info.name()).segment());
      return;
    }
    boolean codes = name.equals(info.name());
    TensorInfo stored = checkpoint.info(name);
    long rows = stored.shape().dim(0);
    long together = Math.max(1, CHUNK / stored.shape().dim(1));
    for (long row = 0; row < rows; row += together) {
      try {
        write(stored, row, Math.min(together, rows - row), codes, file);
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            "%s: tensor %s cannot be quantised: from row %d on, %s"
                .formatted(checkpoint.description(), Messages.quote(name), row, e.getMessage()),
            e);
      }
    }
  }

  private void write(TensorInfo stored, long row, long rows, boolean wantsCodes, AtomicFile file)
      throws CheckpointException {
    try (Arena arena = Arena.ofShared()) {
      Tensor weight = floating(stored, row, rows, arena);
      Tensor scales = Tensor.allocate(arena, DType.F32, Q8.scalesShape(weight.shape()));
      Q8.scales(weight, scales, threads);
      if (!wantsCodes) {
        file.write(scales.segment());
        return;
      }
      Tensor codes = Tensor.allocate(arena, DType.I8, weight.shape());
      Q8.codes(weight, scales, codes, threads);
      file.write(codes.segment());
    }
  }

  /** Rows of a weight as they are stored, those of F8 codes as the F32 that they stand for. */
  private Tensor floating(TensorInfo stored, long row, long rows, Arena arena)
      throws CheckpointException {
    if (!Quantization.isFloat8(stored.type())) {
      return checkpoint.tensor(stored.name()).rows(row, rows);
    }
    WeightRows values = Quantization.rows(checkpoint, stored);
    Tensor made = Tensor.allocate(arena, DType.F32, Shape.of(rows, values.width()));
    float[] one = new float[values.width()];
    for (long i = 0; i < rows; i++) {
      values.read(row + i, one);
      made.rows(i, 1).copyFrom(Tensor.ofFloats(Shape.of(1, values.width()), one));
    }
    return made;
  }
}
