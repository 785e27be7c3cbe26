package org.t3jvm.model.progress;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * Where a run reports what it does. Between two parts of its work, a call throws {@link
 * org.t3jvm.event.RunCancelledException} if the run was asked to stop. Only the thread that
 * computes the run calls it.
 */
public final class RunProgress {
  private final Consumer<RunEvent> events;
  private final CancelToken cancel;
  private Stage stage = Stage.TEXT;
  private int blocksPerStep;
  private long blocks;
  private int stepsBefore;

  public RunProgress(Consumer<RunEvent> events, CancelToken cancel) {
    this.events = events;
    this.cancel = cancel;
  }

  /** Reports nothing and is never asked to stop. */
  public static RunProgress silent() {
    return to(event -> {});
  }

  /** Reports to {@code events} and is never asked to stop. */
  public static RunProgress to(Consumer<RunEvent> events) {
    return new RunProgress(events, new CancelToken());
  }

  /** The same run, which reports to another listener too. */
  public RunProgress also(Consumer<RunEvent> other) {
    return new RunProgress(events.andThen(other), cancel);
  }

  /** Passes on any event. */
  public void report(RunEvent event) {
    events.accept(event);
  }

  /** How the job fits into its memory. */
  public void planned(RunEvent.Planned plan) {
    cancel.check();
    report(plan);
  }

  /** What the program of a stage that begins needs. */
  public void memory(Stage planned, MemoryPlan plan) {
    report(new RunEvent.Memory(planned, plan));
  }

  /** A stage begins, with all of its steps to do. */
  public void begin(Stage begun, int steps, int blocksOfStep) {
    begin(begun, steps, blocksOfStep, 0);
  }

  /** A stage begins, of which an earlier process did the first {@code done} steps. */
  public void begin(Stage begun, int steps, int blocksOfStep, int done) {
    cancel.check();
    stage = begun;
    blocksPerStep = blocksOfStep;
    blocks = (long) done * blocksOfStep;
    report(new RunEvent.StageStarted(begun, steps, blocksOfStep, done));
  }

  /** A step of the stage begins. */
  public void step(int step) {
    cancel.check();
    report(new RunEvent.StepStarted(stage, step));
  }

  /** One more block is computed. */
  public void block() {
    blocks++;
    report(new RunEvent.BlockDone(stage, blocks));
    cancel.check();
  }

  /** A step was made of earlier ones. */
  public void reused(int step) {
    blocks += blocksPerStep;
    report(new RunEvent.StepReused(stage, step));
  }

  /**
   * A pass begins that comes after {@code steps} steps of those before: values and pictures of its
   * steps are numbered from there on.
   */
  public void stepsBefore(int steps) {
    stepsBefore = steps;
  }

  /** Values of a step of the pass, see {@link RunEvent.Computed}. */
  public void computed(Stage computed, int step, Map<String, Tensor> tensors) {
    int before = computed == Stage.DENOISE ? stepsBefore : 0;
    report(new RunEvent.Computed(computed, before + step, tensors));
  }

  /** One value that belongs to no step. */
  public void computed(Stage computed, String name, Tensor tensor) {
    computed(computed, 0, Map.of(name, tensor));
  }

  /** Pictures of a step. */
  public void preview(int step, Supplier<Pictures> pictures) {
    report(new RunEvent.Preview(stepsBefore + step, pictures));
  }

  /** Something failed that the video does not depend on. */
  public void warn(String message) {
    report(new RunEvent.Warning(message));
  }

  /** The stage is done. */
  public void end() {
    report(new RunEvent.StageEnded(stage));
  }
}
