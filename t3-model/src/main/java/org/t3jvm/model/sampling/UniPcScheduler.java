package org.t3jvm.model.sampling;

import static org.t3jvm.model.sampling.History.F32;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.Tensor;

/**
 * UniPC as Wan's own code runs it (SPEC 10): of order 2, in the "bh2" form, predicting the clean
 * sample; every step but the first corrects what the step before predicted, with the same answer of
 * the model. Timesteps are integers.
 */
public final class UniPcScheduler implements Scheduler {
  /** Training has 1000 levels; the noisiest is one below pure noise. */
  private static final float SIGMA_MAX = (float) (1 - 1 / 1000.0);

  /** The corrected sample that the last step started from. */
  private static final String CORRECTED = "corrected";

  /** The clean sample as the last step saw it, and as the one before did. */
  private static final String CLEAN = "clean";

  private static final String CLEAN_BEFORE = "clean_before";

  private final Schedule schedule;
  private final History history;

  /**
   * A schedule that starts at the unshifted time {@code denoisingStrength}, at most 0.999.
   *
   * @param steps at least 1
   * @param shift above 0; Wan uses 5
   * @param denoisingStrength in (0, 1]
   * @throws IllegalArgumentException if a value is out of its range
   */
  public UniPcScheduler(int steps, float shift, float denoisingStrength) {
    this(schedule(steps, shift, denoisingStrength));
  }

  private UniPcScheduler(Schedule schedule) {
    this.schedule = schedule;
    this.history = new History(schedule.steps(), Map.of(CORRECTED, 1, CLEAN, 1, CLEAN_BEFORE, 2));
  }

  private static Schedule schedule(int steps, float shift, float denoisingStrength) {
    Schedule.require(steps, shift, denoisingStrength);
    return new Schedule(steps, shift, Math.min(SIGMA_MAX, denoisingStrength));
  }

  /** The last steps of the whole schedule, from step {@code first} on, without a history. */
  static UniPcScheduler from(int first, int steps, float shift) {
    return new UniPcScheduler(schedule(steps, shift, 1).from(first));
  }

  @Override
  public int steps() {
    return schedule.steps();
  }

  @Override
  public float sigma(int step) {
    return schedule.sigma(step);
  }

  @Override
  public float timestep(int step) {
    return schedule.timestep(step);
  }

  /** latents F32, any shape: corrected, then moved to the next level. */
  @Override
  public void step(int step, Tensor velocity, Tensor latents) {
    history.require(step, velocity, latents);
    MemorySegment corrected = history.tensor(CORRECTED, latents.shape()).segment();
    MemorySegment clean = history.tensor(CLEAN, latents.shape()).segment();
    MemorySegment before = history.tensor(CLEAN_BEFORE, latents.shape()).segment();
    MemorySegment v = velocity.segment();
    MemorySegment x = latents.segment();
    float sigma = schedule.sigma(step);
    double[] correct = step == 0 ? new double[4] : corrector(step);
    double[] predict = predictor(step);
    for (long at = 0; at < x.byteSize(); at += Float.BYTES) {
      double sample = x.get(F32, at);
      double now = sample - sigma * (double) v.get(F32, at);
      double last = clean.get(F32, at);
      if (step > 0) {
        sample =
            correct[0] * corrected.get(F32, at)
                + correct[1] * last
                + correct[2] * before.get(F32, at)
                + correct[3] * now;
      }
      x.set(F32, at, (float) (predict[0] * sample + predict[1] * now + predict[2] * last));
      corrected.set(F32, at, (float) sample);
      // What was before is not needed any more: it takes the newest, and the names are exchanged.
      before.set(F32, at, (float) now);
    }
    history.swap(CLEAN, CLEAN_BEFORE);
    history.advance();
  }

  /** The order of the prediction from level {@code step}. */
  private int order(int step) {
    return Math.min(Math.min(2, schedule.steps() - step), step + 1);
  }

  /** Factors of the sample, of its clean form now and of that one step earlier. */
  private double[] predictor(int step) {
    double h = schedule.lambda(step + 1) - schedule.lambda(step);
    double e = Math.expm1(-h);
    double scale = schedule.alpha(step + 1) * e;
    double ratio = (double) schedule.sigma(step + 1) / schedule.sigma(step);
    if (order(step) == 1) {
      return new double[] {ratio, -scale, 0};
    }
    double r = (schedule.lambda(step - 1) - schedule.lambda(step)) / h;
    double slope = -scale * 0.5 / r;
    return new double[] {ratio, -scale - slope, slope};
  }

  /**
   * Factors of the sample one step earlier, of the clean forms one and two steps earlier, and of
   * the clean form now.
   */
  private double[] corrector(int step) {
    double h = schedule.lambda(step) - schedule.lambda(step - 1);
    double e = Math.expm1(-h);
    double scale = schedule.alpha(step) * e;
    double ratio = (double) schedule.sigma(step) / schedule.sigma(step - 1);
    if (order(step - 1) == 1) {
      return new double[] {ratio, -scale + 0.5 * scale, 0, -0.5 * scale};
    }
    double r = (schedule.lambda(step - 2) - schedule.lambda(step - 1)) / h;
    double phi1 = e / -h - 1;
    double phi2 = phi1 / -h - 0.5;
    double b1 = phi1 / e;
    double b2 = 2 * phi2 / e;
    double rhoBefore = (b1 - b2) / (1 - r);
    double rhoNow = b1 - rhoBefore;
    double slope = scale * rhoBefore / r;
    return new double[] {ratio, -scale + slope + scale * rhoNow, -slope, -scale * rhoNow};
  }

  @Override
  public Map<String, Tensor> state() {
    return history.state();
  }

  @Override
  public void restore(int step, Map<String, Tensor> state) {
    history.restore(step, state);
  }
}
