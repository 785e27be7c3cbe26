package org.t3jvm.model.measure.report;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.image.RgbImage;

/**
 * Takes a few frames of a video of unknown length, evenly spaced from the first: every frame, then
 * every second once there are too many, and so on. Videos of one length give the same frames.
 */
final class Samples {
  private static final int MOST = 6;

  private final List<Sample> samples = new ArrayList<>();
  private int every = 1;
  private int frames;

  /** frame [height, width, 3]: the next one. */
  void add(RgbImage frame) {
    if (frames % every == 0) {
      samples.add(Sample.of(frames, frame));
      if (samples.size() > MOST) {
        every *= 2;
        samples.removeIf(sample -> sample.frame() % every != 0);
      }
    }
    frames++;
  }

  List<Sample> taken() {
    return List.copyOf(samples);
  }
}
