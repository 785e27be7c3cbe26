package org.t3jvm.bench.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.quantize.Q8;

/**
 * The tensors of one case, the same for all who run it. Values are uniform with mean 0 and
 * deviation 1; matrices and kernels are divided by the root of their inputs, so that what comes out
 * has a deviation of about 1 too; norm weights lie around 1.
 */
final class CaseData implements AutoCloseable {
  /** Seed of all values. */
  static final long SEED = 20251215;

  /** Ids of embedding tables stay below this. */
  private static final long MAX_ID = 256;

  private static final double SMALL = 0.1;

  /** Codes of quantised weights lie below this in magnitude. */
  private static final int CODES = 128;

  /** A uniform number on [-1, 1) times this has deviation 1. */
  private static final double UNIT = Math.sqrt(3);

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort BF16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final Graph graph;
  private final Map<String, Tensor> parameters = new HashMap<>();
  private final Map<String, Tensor> inputs = new HashMap<>();

  private CaseData(Graph graph) {
    this.graph = graph;
  }

  /** Makes the parameters and inputs of a case's graph. */
  static CaseData of(GraphCase graphCase) {
    CaseData data = new CaseData(graphCase.graph());
    data.fill(data.graph.parameters(), data.parameters, graphCase.gains(), true);
    data.fill(data.graph.inputs(), data.inputs, graphCase.gains(), false);
    return data;
  }

  private void fill(
      SequencedMap<String, Value> values,
      Map<String, Tensor> tensors,
      Map<String, Double> gains,
      boolean parameter) {
    values.forEach(
        (name, value) -> {
          Tensor tensor = Tensor.allocate(arena, value.dtype(), value.shape());
          Scale scale = parameter ? Scale.of(name, value.shape()) : new Scale(0, 1);
          fill(tensor, name, scale.mean, scale.deviation * gains.getOrDefault(name, 1.0));
          tensors.put(name, tensor);
        });
  }

  private record Scale(double mean, double deviation) {
    static Scale of(String name, Shape shape) {
      if (name.endsWith(".scale")) {
        // Uniform codes times this deviate as other weights do.
        double scale = UNIT / (CODES * Math.sqrt(shape.inner(0) * Q8.BLOCK));
        return new Scale(scale, SMALL * scale);
      }
      boolean vector = shape.elements() == shape.dim(0);
      if (vector) {
        return new Scale(name.endsWith("bias") ? 0 : 1, SMALL);
      }
      return new Scale(0, 1 / Math.sqrt(shape.inner(0)));
    }
  }

  private static void fill(Tensor tensor, String name, double mean, double deviation) {
    MemorySegment segment = tensor.segment();
    long elements = tensor.shape().elements();
    long state = mix(SEED + name.hashCode());
    float scale = (float) (deviation * UNIT * 0x1p-31);
    float offset = (float) mean;
    for (long i = 0; i < elements; i++) {
      state += GOLDEN;
      int random = (int) (mix(state) >>> 32);
      switch (tensor.dtype()) {
        case F32 -> segment.set(F32, i << 2, random * scale + offset);
        case BF16 -> segment.set(BF16, i << 1, Tensor.toBFloat16(random * scale + offset));
        case I8 -> segment.set(ValueLayout.JAVA_BYTE, i, (byte) (random % CODES));
        case I64 -> tensor.setDouble(i, Math.floorMod(random, MAX_ID));
        default ->
            throw new IllegalArgumentException(
                "case data: '%s' is %s; F32, BF16, I8 and I64 can be filled"
                    .formatted(name, tensor));
      }
    }
  }

  /** The output function of SplitMix64. */
  private static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  Graph graph() {
    return graph;
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  Map<String, Tensor> inputs() {
    return inputs;
  }

  /** A tensor that lives as long as the case. */
  Tensor allocate(DType dtype, Shape shape) {
    return Tensor.allocate(arena, dtype, shape);
  }

  /** Frees everything; nothing may be running on it. */
  @Override
  public void close() {
    arena.close();
  }
}
