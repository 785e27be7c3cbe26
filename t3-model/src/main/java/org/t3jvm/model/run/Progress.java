package org.t3jvm.model.run;

import org.t3jvm.model.fit.JobFit;
import org.t3jvm.tensor.backend.MemoryPlan;

/** Hears how far a run has come. All calls are made by the thread that runs the pipeline. */
public interface Progress {
  /** Hears nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void begin(Stage stage, int steps, int unitsPerStep) {}

        @Override
        public void unit() {}

        @Override
        public void end(Stage stage) {}
      };

  /**
   * A stage begins.
   *
   * @param steps steps that the stage has
   * @param unitsPerStep equal parts of a step, such as transformer blocks
   */
  void begin(Stage stage, int steps, int unitsPerStep);

  /**
   * The first {@code steps} steps of the stage that began were done by an earlier process, or kept
   * by it; the next step is the one after them.
   */
  default void resumed(Stage stage, int steps) {}

  /**
   * A step of the stage begins.
   *
   * @param step from 0
   */
  default void step(Stage stage, int step) {}

  /** The step's velocities were not computed, but made of earlier steps' (SPEC 18). */
  default void reused(Stage stage, int step) {}

  /** How the job fits into its memory, before anything is computed. */
  default void fits(JobFit fit) {}

  /** What the stage's program needs in memory, known before it runs. */
  default void memory(Stage stage, MemoryPlan plan) {}

  /** One more unit of the stage is done. */
  void unit();

  /** The stage is done. */
  void end(Stage stage);
}
