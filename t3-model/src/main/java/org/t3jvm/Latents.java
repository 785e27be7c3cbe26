package org.t3jvm;

import org.t3jvm.tensor.Tensor;

/**
 * What some denoising steps have made.
 *
 * @param values F32 [C, T, h, w]
 * @param reused steps that were not computed but made of earlier ones
 */
public record Latents(Tensor values, int reused) {}
