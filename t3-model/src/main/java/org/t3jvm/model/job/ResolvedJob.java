package org.t3jvm.model.job;

import org.t3jvm.job.VideoJob;
import org.t3jvm.model.video.FrameSize;

/**
 * A job that leaves nothing to the model.
 *
 * @param job with every choice filled in
 * @param request what is computed
 * @param written size of the written frames, the middle of those computed
 * @param fps frames a second of the written video
 */
public record ResolvedJob(VideoJob job, GenerationRequest request, FrameSize written, double fps) {
  /** Size of the computed frames. */
  public FrameSize computed() {
    return new FrameSize(request.height(), request.width());
  }

  /** The same, with other things in its job that no request depends on. */
  public ResolvedJob with(VideoJob other) {
    return new ResolvedJob(other, request, written, fps);
  }
}
