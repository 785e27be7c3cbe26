package org.t3jvm.cli.report;

import java.time.Duration;
import java.util.Locale;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.train.TrainingPlan;

/** A training's plan for people: a line for each stage. */
public record TrainingPlanText(TrainingPlan plan) {
  /** All of it, each line ended. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d weights are trained%n", plan.weights()));
    for (int i = 0; i < plan.stages().size(); i++) {
      TrainingPlan.Stage stage = plan.stages().get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "stage %d: %d steps of %.3g TFLOP, %s of memory, %s%s, about %s%n",
              i,
              stage.steps(),
              stage.flop() * 1e-12,
              Sizes.bytes(stage.bytes()),
              stage.side() == 1 ? "one example at a time" : stage.side() + " examples at a time",
              stage.recompute() ? ", values computed twice" : "",
              duration(stage.seconds())));
    }
    return text.append("all stages: about ")
        .append(duration(plan.seconds()))
        .append('\n')
        .toString();
  }

  private static String duration(double seconds) {
    return Sizes.duration(Duration.ofMillis(Math.round(1e3 * seconds)));
  }
}
