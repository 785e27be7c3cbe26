package org.t3jvm.model.preview;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.run.RunObserver;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Shows every so many steps what the video is about to be, without a decoder. It only reads what
 * the run computes, and a picture that cannot be shown does not end the run.
 */
public final class Preview implements RunObserver {
  private final GenerationRequest request;
  private final int every;
  private final PreviewSink sink;
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * A preview of one run.
   *
   * @param every steps from one picture to the next, at least 1
   * @param warnings told, once, of pictures that cannot be shown
   */
  public Preview(
      GenerationRequest request, int every, PreviewSink sink, Consumer<String> warnings) {
    this.request = request;
    this.every = every;
    this.sink = sink;
    this.warnings = warnings;
  }

  @Override
  public void predicted(int step, Tensor latents, Tensor positive, @Nullable Tensor negative) {
    if ((step + 1) % every != 0) {
      return;
    }
    try {
      sink.show(of(request, step, latents, positive, negative));
    } catch (IOException | RuntimeException e) {
      if (!warned) {
        warned = true;
        warnings.accept(
            "no preview, the video is made all the same: "
                + Objects.requireNonNullElse(e.getMessage(), e.toString()));
      }
    }
  }

  /** What the video looks like by a step's prediction, see {@link #predicted}. */
  public static Pictures of(
      GenerationRequest request,
      int step,
      Tensor latents,
      Tensor positive,
      @Nullable Tensor negative) {
    Tensor clean =
        CleanLatents.of(
            latents,
            positive,
            negative,
            request.guidance(),
            request.scheduler().sigma(step),
            request.image() != null);
    Shape shape = clean.shape();
    return Pictures.enlarged(
        VideoFrames.toRgb8(LatentRgb.of(shape.intDim(0)).project(clean)),
        shape.intDim(2),
        shape.intDim(3));
  }
}
