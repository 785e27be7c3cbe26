package org.t3jvm.model.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/**
 * What the embedded model renders: smooth moving colour, neither grey, nor noise, nor saturated.
 */
class TinyModelVideoTest {
  private static final int HEIGHT = 64;
  private static final int WIDTH = 96;
  private static final int FRAMES = 9;

  /** Frames [HEIGHT, WIDTH, 3] in memory. */
  private static final class Frames implements FrameSink {
    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public void write(byte[] rgb) {
      frames.add(rgb.clone());
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  private static List<byte[]> render(String prompt, long seed) throws IOException {
    T3Windows windows = T3Windows.parse("3,1,1;1,2,3;1,4,2;3,2,2;3,1,3");
    GenerationRequest request =
        new GenerationRequest(prompt, "", HEIGHT, WIDTH, FRAMES, 6, 5, 5, seed, windows);
    Frames frames = new Frames();
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request, frames, RunProgress.silent());
    }
    return frames.frames;
  }

  private static double deviation(byte[] frame, int channel) {
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = channel; i < frame.length; i += 3) {
      double level = frame[i] & 0xFF;
      sum += level;
      squares += level * level;
      count++;
    }
    double mean = sum / count;
    return Math.sqrt(squares / count - mean * mean);
  }

  /** Mean absolute difference of a value and the one {@code distance} bytes after it. */
  private static double step(byte[] a, byte[] b, int distance) {
    double sum = 0;
    for (int i = 0; i + distance < a.length; i++) {
      sum += Math.abs((a[i] & 0xFF) - (b[i + distance] & 0xFF));
    }
    return sum / (a.length - distance);
  }

  @Test
  void framesAreSmoothColourThatMoves() throws IOException {
    for (long seed : new long[] {0, 42}) {
      List<byte[]> frames = render("a red ball rolls over green grass", seed);
      assertThat(frames).hasSize(FRAMES);
      double spread = 0;
      double across = 0;
      double saturated = 0;
      for (byte[] frame : frames) {
        for (int channel = 0; channel < 3; channel++) {
          spread += deviation(frame, channel) / (3 * FRAMES);
        }
        across += step(frame, frame, 3) / FRAMES;
        for (byte level : frame) {
          saturated += level == 0 || level == -1 ? 1.0 / (frame.length * FRAMES) : 0;
        }
      }
      // A deviation of 128 levels is 1 of the decoder's [-1, 1]; noise would step by about its own.
      assertThat(spread).as("spread, seed %d", seed).isBetween(15.0, 90.0);
      assertThat(across).as("step to the next pixel, seed %d", seed).isLessThan(spread / 4);
      assertThat(saturated).as("share of saturated values, seed %d", seed).isLessThan(0.3);
      for (int t = 1; t < FRAMES; t++) {
        assertThat(step(frames.get(t - 1), frames.get(t), 0))
            .as("motion into frame %d, seed %d", t, seed)
            .isBetween(0.1, 2 * spread);
      }
    }
  }

  @Test
  void promptChangesTheVideo() throws IOException {
    List<byte[]> ball = render("a red ball rolls over green grass", 0);
    List<byte[]> sunset = render("a sunset over the ocean", 0);
    assertThat(step(ball.get(4), sunset.get(4), 0)).isGreaterThan(5);
  }
}
