package org.t3jvm.model.profile;

import java.util.function.Consumer;
import org.t3jvm.event.RunEvent;

/** Gives a profile the stages and steps of a run, and passes its events on. */
final class ProfileEvents implements Consumer<RunEvent> {
  private static final String BETWEEN = "between stages";

  private final Profile profile;
  private final Consumer<RunEvent> other;

  ProfileEvents(Profile profile, Consumer<RunEvent> other) {
    this.profile = profile;
    this.other = other;
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.StageStarted started) {
      profile.stage(started.stage().toString());
    } else if (event instanceof RunEvent.StepStarted step) {
      profile.stage("%s step %d".formatted(step.stage(), step.step() + 1));
    }
    other.accept(event);
    if (event instanceof RunEvent.StageEnded) {
      profile.stage(BETWEEN);
    }
  }
}
