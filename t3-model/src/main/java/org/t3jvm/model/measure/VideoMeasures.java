package org.t3jvm.model.measure;

import java.util.List;
import java.util.Map;

/**
 * What was measured of one video.
 *
 * @param curves values in the order of the frames: one a frame; one a pair of frames for flicker,
 *     warping error and motion; one for each frame between two others for acceleration
 * @param octaves mean {@link OctaveEnergy} of the frames, the finest first
 * @param seams {@link SeamEnergy} of each kind of layer and axis
 */
public record VideoMeasures(
    int height,
    int width,
    int frames,
    Map<Measure, List<Double>> curves,
    List<Double> octaves,
    List<SeamEnergy> seams) {
  /**
   * The video's value: the mean of a curve without its NaN; PSNR is that of the mean square error.
   *
   * @return NaN if nothing was measured
   */
  public double value(Measure measure) {
    List<Double> curve = curves.getOrDefault(measure, List.of());
    if (measure == Measure.PSNR) {
      return Psnr.decibels(mean(curve.stream().map(Psnr::meanSquareError).toList()));
    }
    return mean(curve);
  }

  private static double mean(List<Double> values) {
    return values.stream()
        .mapToDouble(Double::doubleValue)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }
}
