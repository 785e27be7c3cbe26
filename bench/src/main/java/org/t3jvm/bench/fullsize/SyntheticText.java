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
import java.util.Random;
import java.util.SplittableRandom;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Writes a UMT5 encoder in BF16 with random weights, a tensor at a time: normal ones, scaled so
 * that values keep their size from layer to layer.
 */
record SyntheticText(Umt5Config config) {
  /** The sizes of UMT5-XXL (SPEC 3): 5,680,910,336 weights in 242 tensors. */
  static final Umt5Config XXL = Preset.WAN21_T2V_1_3B.model().text();

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Normal numbers to draw from; a power of two. */
  private static final int DRAWS = 1 << 16;

  private static final int CHUNK = 1 << 20;

  /** Writes a {@code .pth} file, as the release is one, or else safetensors. */
  void write(Path file) throws IOException {
    List<TensorInfo> layout = layout();
    long largest = layout.stream().mapToLong(TensorInfo::bytes).max().orElse(0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(largest, Tensor.ALIGNMENT);
      Map<String, Shape> shapes = config.parameterShapes().asMap();
      TensorSource source =
          name -> values(name, Objects.requireNonNull(shapes.get(name), name), memory);
      if (file.toString().endsWith(".pth")) {
        PthWriter.write(file, layout, source);
      } else {
        SafetensorsWriter.write(file, layout, source, Map.of());
      }
    }
  }

  private List<TensorInfo> layout() {
    return config.parameterShapes().asMap().entrySet().stream()
        .map(
            entry -> {
              long bytes = StoredType.BF16.bytes(entry.getValue().elements());
              return new TensorInfo(entry.getKey(), StoredType.BF16, entry.getValue(), bytes);
            })
        .toList();
  }

  private Tensor values(String name, Shape shape, MemorySegment memory) {
    short[] draws = draws(name, shape);
    SplittableRandom random = new SplittableRandom(name.hashCode());
    MemorySegment bytes = memory.asSlice(0, shape.elements() * Short.BYTES);
    short[] chunk = new short[CHUNK];
    for (long from = 0; from < shape.elements(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, shape.elements() - from);
      for (int i = 0; i < count; i += 4) {
        long bits = random.nextLong();
        for (int j = i; j < Math.min(count, i + 4); j++) {
          chunk[j] = draws[(int) bits & (DRAWS - 1)];
          bits >>>= 16;
        }
      }
      MemorySegment.copy(chunk, 0, bytes, SHORT, from * Short.BYTES, count);
    }
    return Tensor.of(DType.BF16, shape, bytes);
  }

  private short[] draws(String name, Shape shape) {
    boolean norm = shape.rank() == 1;
    Random random = new Random(name.hashCode());
    short[] draws = new short[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double normal = random.nextGaussian();
      draws[i] =
          Tensor.toBFloat16((float) (norm ? 1 + 0.1 * normal : deviation(name, shape) * normal));
    }
    return draws;
  }

  private double deviation(String name, Shape shape) {
    if (name.startsWith("token_embedding") || name.contains("pos_embedding")) {
      return 1;
    }
    // Scores are not divided by the root of the head's width, so the queries start small instead.
    double heads =
        name.contains("attn.q") ? Math.sqrt((double) config.heads() / config.dimAttention()) : 1;
    return heads / Math.sqrt((double) shape.dim(1));
  }
}
