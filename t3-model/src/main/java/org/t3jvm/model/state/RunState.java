package org.t3jvm.model.state;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.tensor.Tensor;

/**
 * What a run is between two denoising steps: all that another process needs to continue with the
 * same bits.
 *
 * @param prompts what the text encoder made of both prompts
 * @param firstFrame latents [C, 1, h, w] of the image that the video starts from, or null
 * @param step how many steps are done, from 0; the scheduler's number of steps when denoising is
 * @param latents [C, T, h, w] after those steps
 * @param solver what the scheduler and the step cache look back at, see {@link
 *     org.t3jvm.model.sampling.Scheduler#state} and {@link
 *     org.t3jvm.model.stepcache.StepCache#state}
 */
public record RunState(
    Prompts prompts,
    @Nullable Tensor firstFrame,
    int step,
    Tensor latents,
    Map<String, Tensor> solver) {
  /** The same after {@code steps} more steps: those of the passes before. */
  RunState later(int steps) {
    return new RunState(prompts, firstFrame, step + steps, latents, solver);
  }

  /** The same without counting {@code steps} steps of the passes before. */
  public RunState earlier(int steps) {
    return later(-steps);
  }
}
