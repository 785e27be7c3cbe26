package org.t3jvm.model.primer;

import java.io.IOException;
import java.nio.file.Path;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.initial.InitialText;
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

  /** The text encoder. */
  public static final Umt5Config TEXT =
      new Umt5Config(
          Math.ceilDiv(PrimerTokenizer.pieces().size(), VOCABULARY_MULTIPLE) * VOCABULARY_MULTIPLE,
          TEXT_DIM,
          TEXT_DIM,
          160,
          4,
          2,
          32);

  /** What is rendered if nothing is asked for; the windows are for its token grid of 6x9x16. */
  private static final ModelDefaults DEFAULTS =
      new ModelDefaults(144, 256, 21, 12, 12, "6,1,1;1,3,4;1,1,8;2,3,2;3,3,1");

  private PrimerModel() {}

  /**
   * Writes the model's files into {@code folder}, which is made if it is not there.
   *
   * @throws IOException if a file cannot be written
   */
  public static void make(Path folder, long seed) throws IOException {
    SeededValues random = new SeededValues(seed);
    ModelWriter writer = new ModelWriter(folder);
    writer.dit(DIT, new PrimerDit(DIT, random));
    writer.text(TEXT, new InitialText(TEXT, random), PrimerTokenizer.json());
    writer.vae(VAE, new PrimerVae(random), "Wan2.1_VAE.pth");
    writer.defaults(DEFAULTS);
  }
}
