package org.t3jvm.model.files;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.text.Tokenizer;

/** The {@code spiece.model} that ComfyUI's encoder files carry as a tensor of bytes. */
final class EncoderTokenizer {
  private static final String TENSOR = "spiece_model";

  /** SentencePiece's file of UMT5 has 4.5 MB. */
  private static final long MAX_BYTES = 64 << 20;

  private EncoderTokenizer() {}

  /** Whether an encoder's file carries its tokenizer. */
  static boolean isIn(Path encoder) throws IOException {
    try (Checkpoint file = Checkpoints.open(encoder)) {
      return file.entries().containsKey(TENSOR);
    }
  }

  /**
   * Reads the tokenizer of an encoder's file.
   *
   * @throws IOException if it has none, or what it has is none
   */
  static Tokenizer load(Path encoder) throws IOException {
    byte[] bytes;
    try (Checkpoint file = Checkpoints.open(encoder)) {
      if (file.info(TENSOR).bytes() > MAX_BYTES) {
        throw new IOException(
            "%s: tensor '%s' of %d bytes is no tokenizer"
                .formatted(encoder, TENSOR, file.info(TENSOR).bytes()));
      }
      bytes = file.tensor(TENSOR).segment().toArray(ValueLayout.JAVA_BYTE);
    }
    Path spiece = Files.createTempFile("t3-tokenizer", ".model");
    try {
      Files.write(spiece, bytes);
      return Tokenizer.load(spiece);
    } catch (IOException e) {
      throw new IOException(
          "%s: tensor '%s' is no tokenizer: %s".formatted(encoder, TENSOR, e.getMessage()), e);
    } finally {
      Files.deleteIfExists(spiece);
    }
  }
}
