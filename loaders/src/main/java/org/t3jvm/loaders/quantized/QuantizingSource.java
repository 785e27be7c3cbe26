package org.t3jvm.loaders.quantized;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.io.Messages;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.Q8;

/**
 * A checkpoint with some of its weights quantised, made while a writer asks for them, so that one
 * weight at a time is in memory.
 */
public final class QuantizingSource implements TensorSource, AutoCloseable {
  private final Checkpoint base;
  private final Map<String, TensorInfo> layout = new LinkedHashMap<>();
  private final Scratch codes = new Scratch();
  private final Scratch scales = new Scratch();
  private boolean quantizes;

  /**
   * @param chosen which tensors to quantise, where {@link Q8#takes} allows it
   */
  public QuantizingSource(Checkpoint base, Predicate<TensorInfo> chosen) {
    this.base = base;
    for (TensorInfo info : base.entries().values()) {
      DType dtype = info.type().dtype();
      if (dtype != null && Q8.takes(dtype, info.shape()) && chosen.test(info)) {
        String scaleName = Quantization.scaleName(info.name());
        add(info.name(), StoredType.I8, info.shape());
        add(scaleName, StoredType.F32, Q8.scalesShape(info.shape()));
        quantizes = true;
      } else {
        layout.put(info.name(), info);
      }
    }
  }

  private void add(String name, StoredType type, Shape shape) {
    layout.put(name, new TensorInfo(name, type, shape, type.bytes(shape.elements())));
  }

  /** The tensors that there are to write. */
  public List<TensorInfo> layout() {
    return new ArrayList<>(layout.values());
  }

  /** The checkpoint's own metadata, and what says how its weights are quantised. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>(base.metadata());
    if (quantizes) {
      metadata.putAll(Quantization.metadata());
    }
    return metadata;
  }

  /**
   * A tensor of {@link #layout}. The memory of one that is made here is used again by the next.
   *
   * @throws CheckpointException if there is none, or a weight is NaN or infinite
   */
  @Override
  public Tensor tensor(String name) throws CheckpointException {
    TensorInfo made = layout.get(name);
    TensorInfo stored = base.entries().get(name);
    if (made == null || made.equals(stored)) {
      return base.tensor(name);
    }
    boolean wantsScales = stored == null;
    String weightName = wantsScales ? Quantization.weightName(name) : name;
    Tensor weight = base.tensor(weightName);
    try {
      Tensor weightScales = scales.tensor(DType.F32, Q8.scalesShape(weight.shape()));
      Q8.scales(weight, weightScales);
      if (wantsScales) {
        return weightScales;
      }
      Tensor weightCodes = codes.tensor(DType.I8, weight.shape());
      Q8.codes(weight, weightScales, weightCodes);
      return weightCodes;
    } catch (ArithmeticException e) {
      throw new CheckpointException(
          "%s: tensor %s cannot be quantised: %s"
              .formatted(base.description(), Messages.quote(weightName), e.getMessage()),
          e);
    }
  }

  /** Frees the memory; the checkpoint stays open. */
  @Override
  public void close() {
    codes.close();
    scales.close();
  }

  /** Memory for one tensor after another, as large as the largest. */
  private static final class Scratch {
    private @Nullable Arena arena;
    private @Nullable Tensor bytes;

    Tensor tensor(DType dtype, Shape shape) {
      long size = shape.elements() * dtype.byteSize();
      Tensor known = bytes;
      if (known == null || known.byteSize() < size) {
        close();
        Arena made = Arena.ofShared();
        arena = made;
        known = Tensor.allocate(made, DType.U8, Shape.of(size));
        bytes = known;
      }
      return Tensor.of(dtype, shape, known.segment().asSlice(0, size));
    }

    void close() {
      if (arena != null) {
        arena.close();
        arena = null;
        bytes = null;
      }
    }
  }
}
