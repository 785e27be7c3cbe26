package org.t3jvm.model.embedded;

import java.io.IOException;
import java.nio.file.Path;
import org.t3jvm.model.initial.InitialText;
import org.t3jvm.model.initial.ModelWriter;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.model.text.Umt5Config;

/**
 * Makes a tiny untrained text-to-video model of the full structure from a seed, in the file formats
 * and under the file names of a Wan download. The same seed gives the same bytes everywhere.
 */
public final class TinyModelMaker {
  /** The seed of the model that comes with the program. */
  public static final long DEFAULT_SEED = 1;

  private static final int VOCABULARY_MULTIPLE = 64;

  private TinyModelMaker() {}

  /**
   * Writes the model's files into {@code folder}, which is made if it is not there.
   *
   * @throws IOException if a file cannot be written
   */
  public static void make(Path folder, TinyKind kind, long seed) throws IOException {
    SeededValues random = new SeededValues(seed);
    Umt5Config text = textSizes(TinyTokenizer.vocabulary().size());
    ModelWriter writer = new ModelWriter(folder);
    writer.dit(kind.dit(), new TinyDit(kind.dit(), random));
    writer.text(text, new InitialText(text, random), TinyTokenizer.json());
    writer.vae(kind.vae(), new TinyVae(random), kind.vaeFile());
    writer.defaults(kind.defaults());
  }

  /** Sizes of the text encoder; its table has more rows than there are pieces, as the real one. */
  static Umt5Config textSizes(int pieces) {
    int rows = (pieces / VOCABULARY_MULTIPLE + 1) * VOCABULARY_MULTIPLE;
    return new Umt5Config(rows, TinyKind.TEXT_DIM, TinyKind.TEXT_DIM, 160, 4, 2, 32);
  }
}
