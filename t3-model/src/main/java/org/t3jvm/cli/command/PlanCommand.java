package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.report.PlanReport;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.JobPlan;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.fit.Rates;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.tensor.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 plan}: what a video would take, before anything is loaded. */
@Command(
    name = "plan",
    description = "Tells what generate would take with these options: work, memory, time.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PlanCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "MODEL",
      description =
          "A released model whose files are not at hand, with T3 attention unless --attention full:"
              + " ${COMPLETION-CANDIDATES}.")
  private @Nullable Preset preset;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "Used by --measure.")
  private String prompt = "";

  @Option(
      names = "--measure",
      description =
          "Denoise with and without the step cache of --cache (default: with each kind), and tell"
              + " the steps that it leaves out and the error that it makes.")
  private boolean measure;

  @Mixin private final GenerationOptions options = new GenerationOptions();

  @Override
  public Integer call() throws IOException {
    if (preset == null) {
      return VideoSession.run(
          options,
          spec.commandLine().getErr(),
          session -> {
            GenerationRequest request = session.request(prompt);
            session.note(session.description(request));
            int status = print(session.types(), request, session.backend());
            if (measure) {
              new CacheMeasurement(session, request).print(spec.commandLine().getOut());
            }
            return status;
          });
    }
    if (measure) {
      throw new UsageException("--measure runs the model, of which --preset has no weights");
    }
    ModelTypes model = preset.model();
    ModelDefaults defaults = options.video.released(model.dit(), true);
    GenerationRequest request =
        options.video.request(
            "", "", model.dit(), model.vae(), true, defaults, spec.commandLine().getErr()::println);
    try (Backend backend = options.compute.backend.open(spec.commandLine().getErr()::println)) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s: %dx%d, %d frames, %d steps, %s%n",
          preset,
          request.width(),
          request.height(),
          request.frames(),
          request.steps(),
          request.attention().description());
      return print(model, request, backend);
    }
  }

  private int print(ModelTypes model, GenerationRequest request, Backend backend) {
    MemoryBudget budget = options.compute.backend.budget(backend);
    String refusal = null;
    JobPlan plan;
    try {
      plan = JobPlan.of(model, request, JobFit.of(model, request, backend, budget));
    } catch (RunFailedException e) {
      refusal = e.getMessage();
      plan = JobPlan.of(model, request, JobFit.of(model, request, backend, MemoryBudget.UNLIMITED));
    }
    new PlanReport(plan, Rates.measure(backend)).print(spec.commandLine().getOut());
    if (refusal != null) {
      throw new RunFailedException(refusal);
    }
    return 0;
  }
}
