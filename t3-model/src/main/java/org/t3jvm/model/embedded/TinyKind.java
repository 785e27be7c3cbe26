package org.t3jvm.model.embedded;

import java.util.List;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.initial.ModelWriter;
import org.t3jvm.model.vae.VaeConfig;

/** Which of the released models a tiny one has the structure of. Text encoders are all alike. */
public enum TinyKind {
  /** Wan2.1-T2V, which makes videos from text; {@code models/tiny}. */
  T2V(
      new DitConfig(16, 16, 96, 4, 256, 5, 64, TinyKind.TEXT_DIM, 2, 2),
      VaeConfig.wan21(8),
      "Wan2.1_VAE.pth",
      new ModelDefaults(144, 256, 21, 8, 12, "6,1,1;1,3,4;1,1,8;2,3,2;3,3,1")),

  /** Wan2.2-TI2V, which also starts from an image. */
  TI2V(
      new DitConfig(48, 48, 192, 8, 256, 5, 64, TinyKind.TEXT_DIM, 2, 2),
      VaeConfig.wan22(8, 8),
      "Wan2.2_VAE.pth",
      new ModelDefaults(192, 256, 21, 8, 12, "6,1,1;1,3,4;1,1,8;2,3,2;3,3,1"));

  static final int TEXT_DIM = 64;

  private final DitConfig dit;
  private final VaeConfig vae;
  private final String vaeFile;
  private final ModelDefaults defaults;

  TinyKind(DitConfig dit, VaeConfig vae, String vaeFile, ModelDefaults defaults) {
    this.dit = dit;
    this.vae = vae;
    this.vaeFile = vaeFile;
    this.defaults = defaults;
  }

  /** Sizes of the DiT: five blocks, so that every kind of window occurs. */
  DitConfig dit() {
    return dit;
  }

  VaeConfig vae() {
    return vae;
  }

  String vaeFile() {
    return vaeFile;
  }

  /**
   * What is rendered if nothing is asked for: token grids of 6x9x16 and 6x6x8; the windows follow
   * SPEC 5: single frames, two over all time, two boxes.
   */
  ModelDefaults defaults() {
    return defaults;
  }

  /** Every file of the model, relative to its folder. */
  List<String> files() {
    return List.of(
        ModelWriter.DIT,
        ModelWriter.DIT_CONFIG,
        ModelWriter.TEXT_ENCODER,
        vaeFile,
        ModelWriter.TOKENIZER,
        ModelDefaults.FILE);
  }
}
