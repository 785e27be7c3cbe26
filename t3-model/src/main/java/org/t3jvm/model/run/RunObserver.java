package org.t3jvm.model.run;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/** Hears of what a run computes on its way; tensors may be reused after a call returns. */
public interface RunObserver extends Denoiser.StepListener {
  /** Hears nothing. */
  RunObserver NONE = new RunObserver() {};

  /** The prompts' context rows [n, dim]; negative is null without guidance. */
  default void encoded(Tensor positive, @Nullable Tensor negative) {}

  /** The latents [C, 1, h, w] of the image that the video starts from, if there is one. */
  default void firstFrame(Tensor latents) {}

  /** The noise that denoising starts from [C, T, h, w]. */
  default void noise(Tensor latents) {}

  @Override
  default void predicted(int step, Tensor latents, Tensor positive, @Nullable Tensor negative) {}

  /** The final latents [C, T, h, w]. */
  default void denoised(Tensor latents) {}

  /** The next decoded frames [F, H, W, 3] in [-1, 1], unless bands of rows are decoded. */
  default void decoded(Tensor frames) {}
}
