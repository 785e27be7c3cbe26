package org.t3jvm.model.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.t3jvm.event.Pictures;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;

/**
 * Pictures of clean latents [C, T, h, w] by a tiny decoder, of the video's size: the last of each
 * latent frame's frames.
 */
record DecodedPreview(Backend backend, VaeConfig config, Parameters parameters)
    implements Function<Tensor, Pictures> {
  @Override
  public Pictures apply(Tensor clean) {
    Shape shape = clean.shape();
    List<byte[]> frames = new ArrayList<>();
    try (VaeDecoder decoder =
        new VaeDecoder(backend, config, parameters, shape.intDim(2), shape.intDim(3), Taps.NONE)) {
      for (int t = 0; t < shape.intDim(1); t++) {
        Tensor pixels = decoder.decode(LatentFrames.get(clean, t), RegionListener.NONE);
        byte[][] rgb = VideoFrames.toRgb8(pixels);
        frames.add(rgb[rgb.length - 1]);
      }
    }
    int factor = config.spatialFactor();
    return new Pictures(frames, factor * shape.intDim(2), factor * shape.intDim(3));
  }
}
