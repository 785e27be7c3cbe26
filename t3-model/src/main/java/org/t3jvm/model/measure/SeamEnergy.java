package org.t3jvm.model.measure;

/**
 * How much the borders of T3 windows stand out in a video.
 *
 * @param lines which lines
 * @param atSeams mean {@link SlopeDifference} over the seams and all frames, in grey levels squared
 * @param shifted the same of the shifted lines; NaN if there are none
 */
public record SeamEnergy(SeamLines.Lines lines, double atSeams, double shifted) {
  /**
   * What the seams have beyond the shifted lines, in decibels: {@code 10 log10(atSeams / shifted)},
   * 0 if both have nothing; NaN without shifted lines.
   */
  public double decibels() {
    return atSeams == shifted ? 0 : 10 * Math.log10(atSeams / shifted);
  }
}
