package org.t3jvm.model.weights;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.quantize.Q8;

/**
 * A model's parameters with its {@link LinearWeights} as codes and scales. Each is quantised when
 * it is asked for first, one after the other; what is quantised already is passed on.
 */
public final class QuantizedParameters implements Parameters {
  private final Parameters base;
  private final Arena arena;
  private final int threads;
  private final Consumer<String> release;
  private final Map<String, Tensor> made = new ConcurrentHashMap<>();

  /**
   * @param base the parameters as they are stored
   * @param arena whose memory codes and scales are made in; a shared one, since an automatic one is
   *     limited to the size of the Java heap
   * @param threads that quantise a weight
   * @param release takes the name of each weight of {@code base} that is not asked for any more
   */
  public QuantizedParameters(Parameters base, Arena arena, int threads, Consumer<String> release) {
    this.release = release;
    this.base = base;
    this.arena = arena;
    this.threads = threads;
  }

  /** Quantises nothing yet. */
  @Override
  public TensorType type(String name) {
    if (Quantization.isScaleName(name)) {
      TensorType weight = base.type(Quantization.weightName(name));
      return takes(Quantization.weightName(name), weight)
          ? new TensorType(DType.F32, Q8.scalesShape(weight.shape()))
          : base.type(name);
    }
    TensorType stored = base.type(name);
    return takes(name, stored) ? new TensorType(DType.I8, stored.shape()) : stored;
  }

  private static boolean takes(String name, TensorType stored) {
    return LinearWeights.has(name, stored.shape()) && Q8.takes(stored.dtype(), stored.shape());
  }

  @Override
  public Tensor tensor(String name) {
    Tensor known = made.get(name);
    if (known != null) {
      return known;
    }
    if (Quantization.isScaleName(name)) {
      tensor(Quantization.weightName(name));
      Tensor scales = made.get(name);
      return scales == null ? base.tensor(name) : scales;
    }
    Tensor stored = base.tensor(name);
    return takes(name, base.type(name)) ? quantized(name, stored) : stored;
  }

  private synchronized Tensor quantized(String name, Tensor stored) {
    Tensor known = made.get(name);
    if (known != null) {
      return known;
    }
    try {
      Tensor scales = Tensor.allocate(arena, DType.F32, Q8.scalesShape(stored.shape()));
      Tensor codes = Tensor.allocate(arena, DType.I8, stored.shape());
      Q8.scales(stored, scales, threads);
      Q8.codes(stored, scales, codes, threads);
      made.put(Quantization.scaleName(name), scales);
      made.put(name, codes);
      release.accept(name);
      return codes;
    } catch (OutOfMemoryError e) {
      throw new BackendException(
          ("not enough memory for weight '%s' %s as int8; t3 convert --dtype q8 makes a file that"
                  + " is used where it lies")
              .formatted(name, stored.shape()),
          e);
    } catch (ArithmeticException e) {
      throw new BackendException(
          "weight '%s' cannot be quantised, so the file is damaged: %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }
}
