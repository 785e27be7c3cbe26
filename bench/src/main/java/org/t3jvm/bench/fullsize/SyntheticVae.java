package org.t3jvm.bench.fullsize;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Writes a VAE in F32 with random weights, a tensor at a time: normal ones, scaled so that values
 * keep their size from layer to layer.
 */
record SyntheticVae(VaeConfig config) {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Writes a safetensors file. */
  void write(Path file) throws IOException {
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    List<TensorInfo> layout =
        shapes.entrySet().stream()
            .map(
                entry -> {
                  long bytes = StoredType.F32.bytes(entry.getValue().elements());
                  return new TensorInfo(entry.getKey(), StoredType.F32, entry.getValue(), bytes);
                })
            .toList();
    long largest = layout.stream().mapToLong(TensorInfo::bytes).max().orElse(0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(largest, Tensor.ALIGNMENT);
      SafetensorsWriter.write(
          file,
          layout,
          name -> values(name, Objects.requireNonNull(shapes.get(name), name), memory),
          Map.of());
    }
  }

  private static Tensor values(String name, Shape shape, MemorySegment memory) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    boolean norm = name.endsWith("gamma");
    double deviation = norm || name.endsWith("bias") ? 0.1 : 1 / Math.sqrt((double) shape.inner(0));
    MemorySegment bytes = memory.asSlice(0, shape.elements() * Float.BYTES);
    for (long i = 0; i < shape.elements(); i++) {
      double value = (norm ? 1 : 0) + deviation * random.nextGaussian();
      bytes.set(F32, i * Float.BYTES, (float) value);
    }
    return Tensor.of(DType.F32, shape, bytes);
  }
}
