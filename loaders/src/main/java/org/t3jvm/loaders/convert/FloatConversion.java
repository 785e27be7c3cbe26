package org.t3jvm.loaders.convert;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

/**
 * A checkpoint with its floating tensors in another dtype, rounded to nearest even, F8 weights
 * times their scale; integers, the scales of quantised weights and what has that dtype already keep
 * every bit. Elements are converted a chunk at a time.
 */
public final class FloatConversion implements Conversion {
  private static final int CHUNK = 1 << 20;

  private final Checkpoint checkpoint;
  private final @Nullable DType target;

  /**
   * @param target the dtype of what is floating, or null to leave everything as it is
   * @throws CheckpointException if F8 weights have scales that are not one number
   */
  public FloatConversion(Checkpoint checkpoint, @Nullable DType target) throws CheckpointException {
    this.checkpoint = target == null ? checkpoint : Float8Weights.of(checkpoint);
    this.target = target;
  }

  @Override
  public List<TensorInfo> layout() {
    List<TensorInfo> layout = new ArrayList<>();
    for (TensorInfo info : checkpoint.entries().values()) {
      DType stored = info.type().dtype();
      if (target != null && isScaleOfFloat8(info.name())) {
        continue;
      }
      boolean floating = stored != null && stored.isFloating() && !isScales(info);
      if (target != null && (floating || (stored != null && stored.isFloat8()))) {
        StoredType type = StoredType.of(target);
        long bytes = type.bytes(info.shape().elements());
        layout.add(new TensorInfo(info.name(), type, info.shape(), bytes));
      } else {
        layout.add(info);
      }
    }
    return layout;
  }

  private boolean isScales(TensorInfo info) {
    return Quantization.isScaleName(info.name())
        && checkpoint.entries().containsKey(Quantization.weightName(info.name()));
  }

  private boolean isScaleOfFloat8(String name) {
    if (!Quantization.isScaleName(name)) {
      return false;
    }
    TensorInfo weight = checkpoint.entries().get(Quantization.weightName(name));
    return weight != null && Quantization.isFloat8(weight.type());
  }

  @Override
  public Map<String, String> metadata() {
    return checkpoint.metadata();
  }

  /**
   * {@inheritDoc}
   *
   * @throws CheckpointException if a finite value would become infinite
   */
  @Override
  public void write(TensorInfo info, AtomicFile file) throws IOException {
    Tensor stored = checkpoint.tensor(info.name());
    if (stored.dtype() == info.type().dtype()) {
      file.write(stored.segment());
    } else {
      convert(info, stored, file);
    }
  }

  private void convert(TensorInfo info, Tensor stored, AtomicFile file) throws IOException {
    DType dtype = Objects.requireNonNull(info.type().dtype());
    long count = info.shape().elements();
    @Nullable Tensor scales =
        stored.dtype().isFloat8() ? checkpoint.tensor(Quantization.scaleName(info.name())) : null;
    long sharing = scales == null ? 1 : Math.max(1, count / scales.shape().elements());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory =
          arena.allocate(Math.max(1, Math.min(count, CHUNK) * dtype.byteSize()), 64);
      for (long from = 0; from < count; from += CHUNK) {
        int length = (int) Math.min(CHUNK, count - from);
        MemorySegment bytes = memory.asSlice(0, (long) length * dtype.byteSize());
        Tensor chunk = Tensor.of(dtype, Shape.of(length), bytes);
        for (int i = 0; i < length; i++) {
          double scale = scales == null ? 1 : scales.getDouble((from + i) / sharing);
          double value = stored.getDouble(from + i) * scale;
          chunk.setDouble(i, value);
          if (Double.isInfinite(chunk.getDouble(i)) && Double.isFinite(value)) {
            throw beyond(info, dtype, value);
          }
        }
        file.write(bytes);
      }
    }
  }

  private CheckpointException beyond(TensorInfo info, DType dtype, double value) {
    return new CheckpointException(
        "%s: tensor %s holds %s, which %s cannot; take bf16 or f32"
            .formatted(checkpoint.description(), Messages.quote(info.name()), value, dtype));
  }
}
