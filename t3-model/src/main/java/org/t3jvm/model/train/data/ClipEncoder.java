package org.t3jvm.model.train.data;

import java.io.IOException;
import org.t3jvm.tensor.Tensor;

/** Turns a clip and its caption into what a transformer is trained on. */
public interface ClipEncoder extends AutoCloseable {
  /** What latents depend on besides the frames, such as a hash of the autoencoder's weights. */
  String latentsIdentity();

  /** What context rows depend on besides the text. */
  String contextIdentity();

  /**
   * Normalised latents F32 [C, T, h, w] of all frames.
   *
   * @throws IOException if the frames cannot be read, or their number is no multiple
   */
  Tensor latents(ClipFrames frames) throws IOException;

  /** Context rows F32 [n, dim] of a caption's n tokens. */
  Tensor context(String text);

  @Override
  void close();
}
