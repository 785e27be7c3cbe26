package org.t3jvm.cli.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.t3jvm.Training;
import org.t3jvm.cli.command.StopSignals;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.report.TrainingPlanText;
import org.t3jvm.cli.report.TrainingProgress;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.model.provenance.ShellWords;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingJob;

/** A training on the command line: what it does is printed, and signals stop it. */
record TrainingSession(Path out, boolean quiet, PrintWriter err) {
  /** A training that reports to {@code events} and ends early if {@code cancel} says so. */
  interface Work {
    void run(Consumer<TrainingEvent> events, CancelToken cancel) throws IOException;
  }

  /** Runs a training of a job, or prints its plan if that is all that is asked for. */
  int train(TrainingJob given, boolean restart, WorkerOptions workers, PrintWriter to)
      throws IOException {
    TrainingJob job = workers.applied(given);
    if (workers.plan) {
      to.print(new TrainingPlanText(Training.plan(job, workers.options())).text());
      to.flush();
      return 0;
    }
    return run((events, cancel) -> Training.run(job, restart, workers.options(), events, cancel));
  }

  /** Runs a training, which the first signal stops. */
  int run(Work work) throws IOException {
    Consumer<TrainingEvent> events = quiet ? event -> {} : new TrainingProgress(err);
    try (StopSignals signals = StopSignals.install(err::println, command())) {
      try {
        work.run(events, signals.token());
      } catch (KeptRunException e) {
        if (e.getCause() instanceof RunCancelledException cancelled) {
          throw signals.stopped(
              cancelled, "stopped at %s; resume with: %s".formatted(e.progress(), command()));
        }
        throw new IOException(
            "%s; the training is kept at %s, resume with: %s"
                .formatted(
                    ErrorLine.of(e.getCause() == null ? e : e.getCause()), e.progress(), command()),
            e);
      } catch (RunCancelledException e) {
        throw signals.stopped(e, "stopped before the first step was done; nothing is kept");
      } catch (UnfinishedRunException e) {
        throw new UsageException(
            "%s; resume it: %s; or discard it: --restart".formatted(e.getMessage(), command()));
      }
    }
    if (!quiet) {
      err.println("wrote " + out);
    }
    return 0;
  }

  private String command() {
    return ShellWords.join(List.of("./t3", "train", "--resume", out.toString()));
  }
}
