package org.t3jvm.model.run;

import org.t3jvm.tensor.Tensor;

/**
 * The image that a video starts from: latents [C, 1, h, w] that are the video's latent frame 0
 * before the first step and again after every one, at timestep 0 (SPEC 12).
 */
record FirstFrame(Tensor latents) {
  /** Makes this frame 0 of {@code video} [C, T, h, w], in place. */
  void impose(Tensor video) {
    LatentFrames.put(latents, video, 0);
  }
}
