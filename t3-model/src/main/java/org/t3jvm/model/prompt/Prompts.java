package org.t3jvm.model.prompt;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/**
 * What the text encoder made of both prompts.
 *
 * @param positive context rows [n, dim] of what to show
 * @param negative context rows [m, dim] of what not to show; null without guidance
 */
public record Prompts(Tensor positive, @Nullable Tensor negative) {
  /** Rows of the longer context. */
  public int longest() {
    long longest = positive.shape().dim(0);
    if (negative != null) {
      longest = Math.max(longest, negative.shape().dim(0));
    }
    return Math.toIntExact(longest);
  }
}
