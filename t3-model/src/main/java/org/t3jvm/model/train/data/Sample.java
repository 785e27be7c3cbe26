package org.t3jvm.model.train.data;

import org.t3jvm.tensor.Tensor;

/**
 * What one clip is to a transformer.
 *
 * @param latents normalised, F32 [C, T, h, w]
 * @param context F32 [n, dim], a row for each of the caption's n tokens
 */
public record Sample(Tensor latents, Tensor context) {}
