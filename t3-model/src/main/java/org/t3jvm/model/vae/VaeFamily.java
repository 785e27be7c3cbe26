package org.t3jvm.model.vae;

/**
 * The two video autoencoders of the Wan releases, the tiny ones for the same latents, and all that
 * they differ in (SPEC 6 and 7).
 */
public enum VaeFamily {
  /** 16 latent channels, cells of 8x8 pixels; one flat row of layers. */
  WAN21("Wan2.1", 1, false, LatentScaling.WAN21),

  /**
   * 48 latent channels, cells of 16x16 pixels: pixels are folded 2x2 first; layers stand in stages
   * with a shortcut each, and resampling keeps the channels.
   */
  WAN22("Wan2.2", 2, true, LatentScaling.WAN22),

  /** {@link Taehv} for the latents of Wan2.1. */
  TAEW21("TAEHV of Wan2.1", 1, LatentScaling.WAN21.channels()),

  /** {@link Taehv} for the latents of Wan2.2-TI2V-5B. */
  TAEW22("TAEHV of Wan2.2", 2, LatentScaling.WAN22.channels());

  private static final int COLOURS = 3;

  private final String label;
  private final int fold;
  private final boolean staged;
  private final boolean tiny;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes its arrays
  private final LatentScaling scaling;

  VaeFamily(String label, int fold, boolean staged, LatentScaling scaling) {
    this.label = label;
    this.fold = fold;
    this.staged = staged;
    this.tiny = false;
    this.scaling = scaling;
  }

  /** A tiny one, which takes latents as they are. */
  VaeFamily(String label, int fold, int latentChannels) {
    this.label = label;
    this.fold = fold;
    this.staged = false;
    this.tiny = true;
    this.scaling = LatentScaling.none(latentChannels);
  }

  /** Channels of a latent cell, z. */
  public int latentChannels() {
    return scaling.channels();
  }

  /** Rows and columns of pixels that are folded into one position's channels. */
  public int fold() {
    return fold;
  }

  /** Channels of a folded position. */
  int pixelChannels() {
    return COLOURS * fold * fold;
  }

  /** True for {@link Taehv}. */
  boolean tiny() {
    return tiny;
  }

  /** True if layers stand in stages with shortcuts and resampling keeps the channels. */
  boolean staged() {
    return staged;
  }

  LatentScaling scaling() {
    return scaling;
  }

  /** The name for people, such as {@code Wan2.1}. */
  @Override
  public String toString() {
    return label;
  }
}
