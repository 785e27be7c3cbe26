package org.t3jvm.model.job;

import static org.t3jvm.job.JobException.require;

import org.t3jvm.job.Hires;
import org.t3jvm.job.JobException;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.vae.VaeConfig;

/**
 * What a second pass begins with.
 *
 * @param base the first pass, of as many frames
 * @param hires the method, with every choice filled in
 */
public record SecondPass(GenerationRequest base, Hires hires) {
  /** The same of another length. */
  SecondPass ofFrames(int frames) {
    return new SecondPass(base.sized(base.height(), base.width(), frames), hires);
  }

  /** True if a frame of this size is larger than those of the base. */
  public boolean enlargedBy(int height, int width) {
    return height >= base.height()
        && width >= base.width()
        && (height > base.height() || width > base.width());
  }

  /**
   * Fails if a model cannot make the first pass, or {@code larger} is no second pass to it.
   *
   * @throws JobException naming the field, its value and what would be right
   */
  void requireFits(GenerationRequest larger, DitConfig dit, VaeConfig vae) {
    base.requireFits(dit, vae);
    if (!enlargedBy(larger.height(), larger.width())) {
      throw new JobException(
          "size.height %d size.width %d is no enlargement of hires.baseHeight %d hires.baseWidth %d; choose a larger size or a smaller base"
              .formatted(larger.height(), larger.width(), base.height(), base.width()));
    }
    require(
        hires.stepsDone(larger.steps()) >= 1,
        "hires.strength",
        hires.strength(),
        "so large that one of %d steps is done, %s at least"
            .formatted(larger.steps(), Math.ceil(100.0 / larger.steps()) / 100));
  }
}
