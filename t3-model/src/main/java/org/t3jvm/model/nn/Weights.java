package org.t3jvm.model.nn;

import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.quantize.Q8;

/**
 * Traces the parameters of a model by hierarchical name: {@code weights.at("blocks.0").at("ffn")}
 * names {@code blocks.0.ffn.}. Each parameter keeps the dtype it is stored in; int8 and F8 codes
 * are traced with the scales beside them.
 */
public final class Weights {
  private final Tracer g;
  private final ParameterTypes parameters;
  private final String prefix;

  private Weights(Tracer g, ParameterTypes parameters, String prefix) {
    this.g = g;
    this.parameters = parameters;
    this.prefix = prefix;
  }

  /** The root scope of {@code parameters}, traced into {@code g}. */
  public static Weights of(Tracer g, ParameterTypes parameters) {
    return new Weights(g, parameters, "");
  }

  /** The scope of everything whose name starts with this scope's name, {@code name} and a dot. */
  public Weights at(String name) {
    return new Weights(g, parameters, prefix + name + ".");
  }

  /** The parameter of a name, in its stored shape; a quantised one times its scales. */
  public Value get(String name) {
    Value stored = stored(prefix + name);
    return switch (stored.dtype()) {
      case I8 -> g.scaled(stored, scales(name), Q8.BLOCK);
      case F8_E4M3, F8_E5M2 -> {
        Value scales = scales(name);
        yield g.scaled(stored, scales, blockLength(stored, scales));
      }
      default -> stored;
    };
  }

  private Value scales(String name) {
    return stored(Quantization.scaleName(prefix + name));
  }

  private Value stored(String name) {
    TensorType type = parameters.type(name);
    return g.parameter(name, type.dtype(), type.shape());
  }

  /** The parameter of a name under another shape of the same element count. */
  public Value get(String name, long... dims) {
    Value stored = get(name);
    return stored.shape().equals(Shape.of(dims)) ? stored : g.reshape(stored, dims);
  }

  /** {@code x [..., K] weight^T + bias}, with {@code name.weight} [N, K] and {@code name.bias}. */
  public Value linear(String name, Value x) {
    return g.linear(x, get(name + ".weight"), get(name + ".bias"));
  }

  /** {@link #linear(String, Value)} for {@code count} of the N columns, from {@code start} on. */
  public Value linear(String name, Value x, long start, long count) {
    return g.linear(x, rows(name + ".weight", start, count), rows(name + ".bias", start, count));
  }

  /** Rows of a parameter; of a quantised one, with their scales. */
  private Value rows(String name, long start, long count) {
    Value stored = g.slice(stored(prefix + name), 0, start, count);
    return switch (stored.dtype()) {
      case I8 -> g.scaled(stored, g.slice(scales(name), 0, start, count), Q8.BLOCK);
      case F8_E4M3, F8_E5M2 -> {
        Value scales = scales(name);
        boolean shared = scales.shape().dim(0) == 1;
        yield g.scaled(
            stored,
            shared ? scales : g.slice(scales, 0, start, count),
            blockLength(stored, scales));
      }
      default -> stored;
    };
  }

  /** F8 codes have one scale, one for each row, or one for each of equal parts of a row. */
  private static long blockLength(Value codes, Value scales) {
    return Math.max(1, codes.shape().inner(0) / scales.shape().dim(1));
  }

  /** {@code x [..., K] weight^T} with {@code name.weight} [N, K]. */
  public Value linearWithoutBias(String name, Value x) {
    return g.linear(x, get(name + ".weight"), null);
  }
}
