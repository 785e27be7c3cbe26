package org.t3jvm.model.train.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * For an autoencoder: keeps the pixels of clips as they are, so that a video is decoded once.
 * Captions do not count.
 */
public final class PixelEncoder implements ClipEncoder {
  @Override
  public String clipIdentity() {
    return "pixels";
  }

  @Override
  public String contextIdentity() {
    return "none";
  }

  /** Pixels U8 [F, H, W, 3]. */
  @Override
  public Tensor clip(ClipFrames frames) throws IOException {
    List<RgbImage> images = new ArrayList<>();
    for (List<RgbImage> next = frames.nextImages(); !next.isEmpty(); next = frames.nextImages()) {
      images.addAll(next);
    }
    Shape shape =
        Shape.of(images.size(), frames.size().height(), frames.size().width(), RgbImage.COLOURS);
    Tensor pixels = Tensor.allocate(DType.U8, shape);
    for (int f = 0; f < images.size(); f++) {
      pixels.rows(f, 1).segment().asByteBuffer().put(images.get(f).rgb());
    }
    return pixels;
  }

  @Override
  public Tensor context(String text) {
    return Tensor.ofFloats(Shape.of(1), 0);
  }

  @Override
  public void close() {}
}
