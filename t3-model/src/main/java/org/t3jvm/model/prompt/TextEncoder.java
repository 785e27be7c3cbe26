package org.t3jvm.model.prompt;

import java.util.Arrays;
import java.util.Map;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.event.Stage;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;

/** Token ids to context rows (SPEC 3). */
public final class TextEncoder {
  private final Backend backend;
  private final Umt5Config config;
  private final Parameters parameters;

  public TextEncoder(Backend backend, Umt5Config config, Parameters parameters) {
    this.backend = backend;
    this.config = config;
    this.parameters = parameters;
  }

  /** Context [n, dim] of the n real tokens of one prompt. */
  public Tensor encode(long[] ids, RegionListener listener) {
    for (long id : ids) {
      if (id < 0 || id >= config.vocab()) {
        throw new RunFailedException(
            "text: the tokenizer gave id %d, the text encoder knows 0 to %d; the two are of different models"
                .formatted(id, config.vocab() - 1));
      }
    }
    int n = ids.length;
    int length = TextRows.lengthFor(n);
    try (Program program = backend.compile(Umt5.graph(config, parameters, length), parameters)) {
      Tensor rows = Tensor.allocate(DType.F32, Shape.of(length, config.dim()));
      program.run(
          Map.of(
              Umt5.IDS,
              Tensor.ofLongs(Shape.of(length), Arrays.copyOf(ids, length)),
              Umt5.MASK,
              TextRows.mask(n, length)),
          Map.of(Umt5.CONTEXT, rows),
          listener);
      Tensor context = rows.rows(0, n);
      FiniteCheck.require(
          context,
          Stage.TEXT.toString(),
          parameters,
          config.parameterShapes().asMap().keySet().stream());
      return context;
    }
  }
}
