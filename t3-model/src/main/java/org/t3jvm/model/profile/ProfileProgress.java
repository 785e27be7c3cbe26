package org.t3jvm.model.profile;

import org.t3jvm.model.run.ForwardingProgress;
import org.t3jvm.model.run.Progress;
import org.t3jvm.model.run.Stage;

/** Tells a profile of the stages and steps that another listener hears of too. */
final class ProfileProgress extends ForwardingProgress {
  private static final String BETWEEN = "between stages";

  private final Profile profile;

  ProfileProgress(Profile profile, Progress other) {
    super(other);
    this.profile = profile;
  }

  @Override
  public void begin(Stage stage, int steps, int unitsPerStep) {
    profile.stage(stage.toString());
    super.begin(stage, steps, unitsPerStep);
  }

  @Override
  public void step(Stage stage, int step) {
    profile.stage("%s step %d".formatted(stage, step + 1));
    super.step(stage, step);
  }

  @Override
  public void end(Stage stage) {
    super.end(stage);
    profile.stage(BETWEEN);
  }
}
