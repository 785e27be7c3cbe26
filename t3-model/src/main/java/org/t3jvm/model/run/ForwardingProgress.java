package org.t3jvm.model.run;

import org.t3jvm.model.fit.JobFit;
import org.t3jvm.tensor.backend.MemoryPlan;

/** Tells another listener all that it hears; to be extended by those who do something beside. */
public class ForwardingProgress implements Progress {
  private final Progress other;

  /** Forwards to {@code other}. */
  protected ForwardingProgress(Progress other) {
    this.other = other;
  }

  @Override
  public void begin(Stage stage, int steps, int unitsPerStep) {
    other.begin(stage, steps, unitsPerStep);
  }

  @Override
  public void resumed(Stage stage, int steps) {
    other.resumed(stage, steps);
  }

  @Override
  public void step(Stage stage, int step) {
    other.step(stage, step);
  }

  @Override
  public void reused(Stage stage, int step) {
    other.reused(stage, step);
  }

  @Override
  public void fits(JobFit fit) {
    other.fits(fit);
  }

  @Override
  public void memory(Stage stage, MemoryPlan plan) {
    other.memory(stage, plan);
  }

  @Override
  public void unit() {
    other.unit();
  }

  @Override
  public void end(Stage stage) {
    other.end(stage);
  }
}
