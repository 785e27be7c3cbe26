package org.t3jvm.job;

/** Sampling that kinds of weights are made for. */
public enum SamplingPreset {
  /** Step-distilled LoRA such as lightx2v's: 4 steps without guidance, at shift 5. */
  LIGHTNING(4, 1, 5);

  private final int steps;
  private final float cfg;
  private final float shift;

  SamplingPreset(int steps, float cfg, float shift) {
    this.steps = steps;
    this.cfg = cfg;
    this.shift = shift;
  }

  /** Sets what the preset decides; what is set after it counts. */
  public void applyTo(VideoJobBuilder job) {
    job.steps(steps).cfg(cfg).shift(shift);
  }
}
