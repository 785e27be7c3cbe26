package org.t3jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.train.run.TrainingPlanner;
import org.t3jvm.model.train.run.TrainingRun;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingPlan;

/**
 * Trains models. Every so many steps the state is saved within the output folder: after a crash, a
 * kill or a cancelled run, {@link #resume} gives the model of an unbroken run, bit for bit.
 *
 * <p>Calls throw {@link org.t3jvm.job.JobException} if a job cannot be, naming the field; {@link
 * org.t3jvm.event.KeptRunException} if a training ends early and can be resumed; {@link
 * org.t3jvm.event.RunCancelledException} if it was cancelled before there was anything to keep.
 */
public final class Training {
  private Training() {}

  /**
   * Trains a model.
   *
   * @param restart whether an unfinished training in the output folder is discarded
   * @param events gets what happens, on this thread
   * @param cancel stops the training from any thread
   * @throws org.t3jvm.event.UnfinishedRunException if an unfinished training is in the way
   * @throws IOException if something cannot be read or written
   */
  public static void run(
      TrainingJob job,
      boolean restart,
      RunOptions options,
      Consumer<TrainingEvent> events,
      CancelToken cancel)
      throws IOException {
    TrainingRun.begin(job, restart, options, events, cancel);
  }

  /**
   * Trains a model, from where an unfinished training of the same job is; without effect if it is
   * finished.
   *
   * @throws org.t3jvm.event.UnfinishedRunException if an unfinished training of another job is in
   *     the way
   * @throws IOException as {@link #run} does
   */
  public static void proceed(
      TrainingJob job, RunOptions options, Consumer<TrainingEvent> events, CancelToken cancel)
      throws IOException {
    TrainingRun.proceed(job, options, events, cancel);
  }

  /**
   * What a training takes: operations, memory, time. Data are not read.
   *
   * @throws IOException if the model cannot be read
   * @throws org.t3jvm.event.RunFailedException if it does not fit into the memory
   */
  public static TrainingPlan plan(TrainingJob job, RunOptions options) throws IOException {
    return new TrainingPlanner(job, options).plan();
  }

  /**
   * Resumes an unfinished training.
   *
   * @param out its output folder
   * @throws IOException as {@link #run} does, and if there is no training
   */
  public static void resume(
      Path out, RunOptions options, Consumer<TrainingEvent> events, CancelToken cancel)
      throws IOException {
    TrainingRun.resume(out, options, events, cancel);
  }
}
