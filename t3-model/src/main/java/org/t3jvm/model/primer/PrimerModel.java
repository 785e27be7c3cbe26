package org.t3jvm.model.primer;

import java.io.IOException;
import java.nio.file.Path;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.initial.InitialText;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.initial.ModelWriter;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeFamily;

/**
 * The model before training, as a folder laid out as a Wan2.1-T2V download: 4.5 million parameters,
 * 9 MB. The same seed gives the same bytes everywhere.
 */
public final class PrimerModel {
  /**
   * The decoder is wider than the encoder: what it lacks is seen, what the encoder lacks is not.
   */
  public static final VaeConfig VAE = new VaeConfig(VaeFamily.WAN21, 8, 16);

  private static final int TEXT_DIM = 64;
  private static final int VOCABULARY_MULTIPLE = 64;

  /** The transformer: heads of 48 columns, 16 for each axis. */
  public static final DitConfig DIT = new DitConfig(16, 16, 144, 3, 576, 5, 128, TEXT_DIM, 2, 2);

  private static final int VOCABULARY =
      Math.ceilDiv(PrimerTokenizer.pieces().size(), VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE;
  private static final int BUCKETS = 32;

  /** The text encoder. */
  public static final Umt5Config TEXT = textConfig(TEXT_DIM, 160, 4, 2);

  /** What is rendered if nothing is asked for; the windows are for its token grid of 6x9x16. */
  private static final ModelDefaults DEFAULTS =
      new ModelDefaults(144, 256, 21, 12, 12, "6,1,1;1,3,4;1,1,8;2,3,2;3,3,1");

  private PrimerModel() {}

  /** Weights that the training of an autoencoder starts from. */
  public static InitialWeights vae(long seed) {
    return new PrimerVae(new SeededValues(seed));
  }

  /** Weights that the training of a transformer of these sizes starts from. */
  public static InitialWeights dit(DitConfig config, long seed) {
    return new PrimerDit(config, new SeededValues(seed));
  }

  /** Weights that the training of a text encoder of these sizes starts from. */
  public static InitialWeights text(Umt5Config config, long seed) {
    return new InitialText(config, new SeededValues(seed));
  }

  /** Sizes of a text encoder for the words of {@link PrimerTokenizer}. */
  public static Umt5Config textConfig(int dim, int ffn, int heads, int layers) {
    return new Umt5Config(VOCABULARY, dim, dim, ffn, heads, layers, BUCKETS);
  }

  /**
   * Writes the model's files into {@code folder}, which is made if it is not there.
   *
   * @throws IOException if a file cannot be written
   */
  public static void make(Path folder, long seed) throws IOException {
    ModelWriter writer = new ModelWriter(folder);
    writer.dit(DIT, dit(DIT, seed));
    writer.text(TEXT, text(TEXT, seed), PrimerTokenizer.json());
    writer.vae(VAE, vae(seed), "Wan2.1_VAE.pth");
    writer.defaults(DEFAULTS);
  }
}
