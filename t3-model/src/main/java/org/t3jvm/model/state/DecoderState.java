package org.t3jvm.model.state;

import java.util.Map;
import org.t3jvm.tensor.Tensor;

/**
 * What the VAE decoder carries from one latent frame to the next.
 *
 * @param latentFrames how many latent frames are decoded
 * @param tensors by name, as {@link org.t3jvm.model.vae.VaeDecoder#state} gives them
 */
public record DecoderState(int latentFrames, Map<String, Tensor> tensors) {}
