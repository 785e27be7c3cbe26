package org.t3jvm.model.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.prompt.TextEncoder;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** For a transformer: encodes with the autoencoder and the text encoder of a model. */
public final class ModelEncoder implements ClipEncoder {
  private final VideoModel model;
  private final Backend backend;
  private final String clipIdentity;
  private final String contextIdentity;
  private @Nullable VaeEncoder encoder;
  private @Nullable FrameSize encoderSize;

  /**
   * An encoder that leaves the model open when it is closed.
   *
   * @param files of the model
   * @throws IOException if the files cannot be read
   */
  public ModelEncoder(VideoModel model, ModelFiles files, Backend backend) throws IOException {
    this.model = model;
    this.backend = backend;
    this.clipIdentity = ModelIdentity.of("vae", List.of(files.vae())).hash() + " " + backend.name();
    this.contextIdentity =
        ModelIdentity.of("text", List.of(files.textEncoder(), files.tokenizer())).hash()
            + " "
            + backend.name();
  }

  @Override
  public String clipIdentity() {
    return clipIdentity;
  }

  @Override
  public String contextIdentity() {
    return contextIdentity;
  }

  @Override
  public Tensor clip(ClipFrames frames) throws IOException {
    VaeEncoder vae = encoder(frames.size());
    vae.reset();
    List<Tensor> parts = new ArrayList<>();
    for (Tensor pixels = frames.next(); pixels != null; pixels = frames.next()) {
      parts.add(vae.encode(pixels, region -> {}));
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
            backend,
            model.vaeConfig(),
            model.vaeParameters(),
            size.height(),
            size.width(),
            Taps.NONE);
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
    long[] ids = model.tokenizer().encode(PromptCleaner.clean(text), TextRows.TEXT_LENGTH);
    return new TextEncoder(backend, model.textConfig(), model.textParameters())
        .encode(ids, region -> {});
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
