package org.t3jvm.model.train.data.encode;

import java.io.IOException;
import org.t3jvm.tensor.Tensor;

/** Turns a clip and its caption into what a model is trained on. */
public interface ClipEncoder extends AutoCloseable {
  /** What encoded clips depend on besides the frames, such as a hash of the weights. */
  String clipIdentity();

  /** What contexts depend on besides the text. */
  String contextIdentity();

  /**
   * All frames of a clip: normalised latents F32 [C, T, h, w], or pixels U8 [F, H, W, 3].
   *
   * @throws IOException if the frames cannot be read, naming the file
   */
  Tensor clip(ClipFrames frames) throws IOException;

  /** Context rows F32 [n, dim] of a caption's n tokens. */
  Tensor context(String text);

  @Override
  void close();
}
