package org.t3jvm.model.train.data;

import org.t3jvm.tensor.Tensor;

/**
 * What one clip is to a model.
 *
 * @param clip what the encoder gave: normalised latents F32 [C, T, h, w], or pixels U8 [F, H, W, 3]
 * @param context F32 [n, dim], a row for each of the caption's n tokens
 */
public record Sample(Tensor clip, Tensor context) {}
