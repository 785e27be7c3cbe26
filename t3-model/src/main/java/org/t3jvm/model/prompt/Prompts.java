package org.t3jvm.model.prompt;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/**
 * What the text encoder made of both prompts.
 *
 * @param positive context rows [n, dim] of what to show
 * @param negative context rows [m, dim] of what not to show; null without guidance
 */
public record Prompts(Tensor positive, @Nullable Tensor negative) {
  /** The context rows by their names in {@link org.t3jvm.event.RunEvent.Computed}. */
  public Map<String, Tensor> tensors() {
    return negative == null
        ? Map.of("positive", positive)
        : Map.of("positive", positive, "negative", negative);
  }

  /** Rows of the longer context. */
  public int longest() {
    long longest = positive.shape().dim(0);
    if (negative != null) {
      longest = Math.max(longest, negative.shape().dim(0));
    }
    return Math.toIntExact(longest);
  }
}
