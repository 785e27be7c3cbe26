package org.t3jvm.model.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;

/** Measures a video frame by frame, in the memory of a few frames. */
public final class VideoMeasurer {
  private final @Nullable SeamMeter seams;
  private final int threads;
  private final Map<Measure, List<Double>> curves = new EnumMap<>(Measure.class);
  private final double[] octaves = new double[OctaveEnergy.OCTAVES];
  private int octavesOfAFrame;
  private int frames;
  private @Nullable Plane last;
  private @Nullable Flow toPrevious;

  /**
   * @param lines where windows end; null to measure no seams
   * @param threads that share the work; no measure depends on them
   */
  public VideoMeasurer(@Nullable SeamLines lines, int threads) {
    this.threads = threads;
    seams = lines == null ? null : new SeamMeter(lines);
  }

  /**
   * frame, reference [height, width, 3]: the next frame, all of one size.
   *
   * @param reference the frame that it is compared with; null for none
   * @throws IllegalArgumentException if the sizes differ
   */
  public void add(RgbImage frame, @Nullable RgbImage reference) {
    Plane luminance = Plane.luminance(frame);
    if (reference != null) {
      add(Measure.PSNR, Psnr.decibels(Psnr.meanSquareError(frame, reference)));
      add(Measure.SSIM, Ssim.of(luminance, Plane.luminance(reference), threads));
    }
    add(Measure.SHARPNESS, Sharpness.of(luminance));
    add(Measure.REPETITION, Repetition.of(luminance));
    List<Double> energies = OctaveEnergy.of(luminance);
    octavesOfAFrame = energies.size();
    for (int octave = 0; octave < energies.size(); octave++) {
      octaves[octave] += energies.get(octave);
    }
    if (seams != null) {
      seams.add(luminance);
    }
    if (last != null) {
      addPair(last, luminance);
    }
    last = luminance;
    frames++;
  }

  private void addPair(Plane before, Plane after) {
    Flow forward = OpticalFlow.between(before, after, threads);
    Flow backward = OpticalFlow.between(after, before, threads);
    add(Measure.FLICKER, Flicker.of(before, after));
    add(Measure.WARPING_ERROR, WarpingError.of(before, after, forward, backward));
    add(Measure.MOTION, forward.meanLength());
    if (toPrevious != null) {
      add(Measure.ACCELERATION, Acceleration.of(forward, toPrevious));
    }
    toPrevious = backward;
  }

  private void add(Measure measure, double value) {
    curves.computeIfAbsent(measure, key -> new ArrayList<>()).add(value);
  }

  /**
   * What was measured.
   *
   * @throws IllegalStateException if there was no frame
   */
  public VideoMeasures measures() {
    if (last == null) {
      throw new IllegalStateException("no frame was measured");
    }
    List<Double> means = new ArrayList<>();
    for (int octave = 0; octave < octavesOfAFrame; octave++) {
      means.add(octaves[octave] / frames);
    }
    return new VideoMeasures(
        last.height(),
        last.width(),
        frames,
        curves,
        means,
        seams == null ? List.of() : seams.energies());
  }
}
