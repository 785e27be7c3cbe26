package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.JobPlan;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.fit.JobCost;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.PlanText;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.fit.Rates;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.session.BackendChoice;
import org.t3jvm.tensor.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 plan}: what a video would take, before anything is loaded. */
@Command(
    name = "plan",
    description = "Prints what generate would take with these options: work, memory, time.",
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
    PrintWriter out = spec.commandLine().getOut();
    VideoJob asked = options.job(prompt);
    if (preset != null) {
      return planPreset(preset, asked, out);
    }
    try (VideoSession session =
        new VideoSession(
            options.what.model.source(),
            options.runOptions(),
            options.compute.quiet,
            spec.commandLine().getErr())) {
      JobPlan plan = session.t3().plan(asked);
      session.describe(plan.job());
      out.print(plan);
      out.flush();
      if (plan.shortage().isPresent()) {
        throw new RunFailedException(plan.shortage().get());
      }
      if (measure) {
        new CacheMeasurement(session, plan.job()).print(out);
      }
    }
    return 0;
  }

  private int planPreset(Preset model, VideoJob asked, PrintWriter out) throws IOException {
    if (measure) {
      throw new UsageException("--measure runs the model, of which --preset has no weights");
    }
    PrintWriter err = spec.commandLine().getErr();
    ModelTypes types = model.model();
    ResolvedJob job =
        new JobResolver(null, types.dit(), types.vae(), true, "")
            .resolve(asked, note -> err.println(FieldOptions.spell(note)));
    GenerationRequest request = job.request();
    BackendChoice choice = new BackendChoice(asked.compute(), options.runOptions());
    try (Backend backend = choice.open(err::println)) {
      out.printf(
          "%s: %dx%d, %d frames, %d steps, %s%n",
          model,
          request.width(),
          request.height(),
          request.frames(),
          request.steps(),
          request.attention().description());
      String refusal = null;
      JobFit fit;
      try {
        fit = JobFit.of(types, request, backend, choice.budget(backend));
      } catch (RunFailedException e) {
        refusal = e.getMessage();
        fit = JobFit.of(types, request, backend, MemoryBudget.UNLIMITED);
      }
      out.print(new PlanText(JobCost.of(types, request, fit), Rates.measure(backend)).text());
      out.flush();
      if (refusal != null) {
        throw new RunFailedException(refusal);
      }
    }
    return 0;
  }
}
