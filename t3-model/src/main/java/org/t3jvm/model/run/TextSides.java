package org.t3jvm.model.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Program;

/**
 * The text inputs of a DiT's graph for both sides of the guidance: keys and values are the same at
 * every step (SPEC 17).
 *
 * @param negative null without guidance
 */
record TextSides(Map<String, Tensor> positive, @Nullable Map<String, Tensor> negative) {
  /** Rows of text that the graphs of these prompts have. */
  static int rows(Prompts prompts) {
    return TextRows.rowsFor(prompts.longest());
  }

  /** Rows of text that a graph with these inputs has. */
  int rows() {
    return Objects.requireNonNull(positive.get(Dit.TEXT_BIAS)).shape().intDim(-1);
  }

  /**
   * Computes them.
   *
   * @throws org.t3jvm.tensor.backend.BackendException if they cannot be computed
   */
  static TextSides of(Backend backend, DitExpert expert, Prompts prompts) {
    try (Program text =
        backend.compile(
            DitText.graph(expert.config(), expert.parameters(), rows(prompts), Taps.NONE),
            expert.parameters())) {
      Tensor negative = prompts.negative();
      return new TextSides(
          prepare(text, prompts.positive(), prompts.longest()),
          negative == null ? null : prepare(text, negative, prompts.longest()));
    }
  }

  private static Map<String, Tensor> prepare(Program text, Tensor context, int longest) {
    TextRows folded = TextRows.fold(context, longest);
    Map<String, Tensor> inputs = new HashMap<>(text.run(Map.of(DitText.CONTEXT, folded.context())));
    inputs.put(Dit.TEXT_BIAS, folded.bias());
    // A device keeps what is read-only from step to step.
    inputs.replaceAll((name, tensor) -> tensor.asReadOnly());
    return Map.copyOf(inputs);
  }
}
