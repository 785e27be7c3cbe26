package org.t3jvm.model.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * A text encoder that is trained together with the transformer that reads it. Its parameters stand
 * under {@link #PREFIX} beside those of the transformer.
 */
public record TrainedText(Umt5Config config) {
  /** What the names of its parameters begin with. */
  public static final String PREFIX = "text_encoder.";

  /** Name of the input that is 1 for rows of tokens and 0 for padding, [rows, 1]. */
  private static final String REAL = "text.real";

  /** The context [rows, dim], 0 in rows without a token. */
  Value trace(Tracer g, ParameterTypes parameters, int rows) {
    Weights weights = Weights.of(g, parameters).at(PREFIX.substring(0, PREFIX.length() - 1));
    Value encoded = Umt5.trace(config, g, weights, rows, Taps.NONE);
    return g.mul(encoded, g.input(REAL, DType.F32, Shape.of(rows, 1)));
  }

  /**
   * The inputs of a caption.
   *
   * @param ids I64 [n]
   * @param longest tokens of the longest caption
   */
  static Map<String, Tensor> inputs(Tensor ids, int longest) {
    int n = ids.shape().intDim(0);
    int rows = TextRows.rowsFor(longest);
    long[] padded = new long[rows];
    for (int i = 0; i < n; i++) {
      padded[i] = ids.getLong(i);
    }
    float[] real = new float[rows];
    Arrays.fill(real, 0, n, 1);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put(Umt5.IDS, Tensor.ofLongs(Shape.of(rows), padded));
    inputs.put(Umt5.MASK, TextRows.mask(n, rows));
    inputs.put(REAL, Tensor.ofFloats(Shape.of(rows, 1), real));
    return inputs;
  }
}
