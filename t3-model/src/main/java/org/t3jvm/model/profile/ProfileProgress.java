package org.t3jvm.model.profile;

import org.t3jvm.model.pipeline.JobFit;
import org.t3jvm.model.pipeline.Progress;
import org.t3jvm.model.pipeline.Stage;
import org.t3jvm.tensor.backend.MemoryPlan;

/** Tells a profile of the stages and steps that another listener hears of too. */
record ProfileProgress(Profile profile, Progress other) implements Progress {
  private static final String BETWEEN = "between stages";

  @Override
  public void begin(Stage stage, int steps, int unitsPerStep) {
    profile.stage(stage.toString());
    other.begin(stage, steps, unitsPerStep);
  }

  @Override
  public void resumed(Stage stage, int steps) {
    other.resumed(stage, steps);
  }

  @Override
  public void step(Stage stage, int step) {
    profile.stage("%s step %d".formatted(stage, step + 1));
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
    profile.stage(BETWEEN);
  }
}
