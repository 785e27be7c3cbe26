package org.t3jvm.model.measure;

/** What is measured for each frame, or from each frame to the next. */
public enum Measure {
  /** {@link Psnr}. */
  PSNR("PSNR", "dB"),
  /** {@link Ssim}. */
  SSIM("SSIM", ""),
  /** {@link Flicker}. */
  FLICKER("flicker", "levels"),
  /** {@link WarpingError}. */
  WARPING_ERROR("warping error", "levels²"),
  /** Mean length of {@link OpticalFlow}. */
  MOTION("motion", "px/frame"),
  /** {@link Acceleration}. */
  ACCELERATION("acceleration", "px/frame²"),
  /** {@link Repetition}. */
  REPETITION("repetition", ""),
  /** {@link Sharpness}. */
  SHARPNESS("sharpness", "levels²");

  private final String label;
  private final String unit;

  Measure(String label, String unit) {
    this.label = label;
    this.unit = unit;
  }

  /** Its name for people. */
  public String label() {
    return label;
  }

  /** What its values count; empty for plain numbers. */
  public String unit() {
    return unit;
  }
}
