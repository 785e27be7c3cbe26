package org.t3jvm.model.train.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** For a transformer: encodes with the autoencoder and the text encoder of a model. */
public final class ModelEncoder implements ClipEncoder {
  private final ModelPart<VaeConfig> vae;
  private final CaptionEncoder captions;
  private final Backend backend;
  private final String clipIdentity;
  private @Nullable VaeEncoder encoder;
  private @Nullable FrameSize encoderSize;

  /**
   * An encoder that leaves the autoencoder and the captions' encoder open when it is closed.
   *
   * @throws IOException if the autoencoder's files cannot be read
   */
  public ModelEncoder(ModelPart<VaeConfig> vae, CaptionEncoder captions, Backend backend)
      throws IOException {
    this.vae = vae;
    this.captions = captions;
    this.backend = backend;
    this.clipIdentity = vae.identity() + " " + backend.name();
  }

  @Override
  public String clipIdentity() {
    return clipIdentity;
  }

  @Override
  public String contextIdentity() {
    return captions.identity();
  }

  @Override
  public Tensor clip(ClipFrames frames) throws IOException {
    VaeEncoder sized = encoder(frames.size());
    sized.reset();
    List<Tensor> parts = new ArrayList<>();
    for (Tensor pixels = frames.next(); pixels != null; pixels = frames.next()) {
      parts.add(sized.encode(pixels, region -> {}));
    }
    return joined(parts);
  }

  /** Compiled once for clips of one size that follow each other. */
  private VaeEncoder encoder(FrameSize size) {
    if (encoder != null && size.equals(encoderSize)) {
      return encoder;
    }
    close();
    encoder =
        new VaeEncoder(
            backend, vae.config(), vae.parameters(), size.height(), size.width(), Taps.NONE);
    encoderSize = size;
    return encoder;
  }

  /** [C, T, h, w] of parts [C, 1, h, w]. */
  private static Tensor joined(List<Tensor> parts) {
    Shape part = parts.getFirst().shape();
    Tensor all = Tensor.allocate(DType.F32, part.with(1, parts.size()));
    Tensor planes = all.reshape(Shape.of(part.dim(0) * parts.size(), part.inner(1)));
    for (int t = 0; t < parts.size(); t++) {
      Tensor from = parts.get(t).reshape(Shape.of(part.dim(0), part.inner(1)));
      for (int c = 0; c < part.intDim(0); c++) {
        planes.rows((long) c * parts.size() + t, 1).copyFrom(from.rows(c, 1));
      }
    }
    return all;
  }

  @Override
  public Tensor context(String text) {
    return captions.encode(text);
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
