package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.t3jvm.JobPlan;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.fit.JobForecast;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.session.BackendChoice;
import org.t3jvm.tensor.backend.Backend;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
      converter = PresetNames.class,
      description =
          "A released model whose files are not at hand, with full attention unless --attention t3:"
              + " ${COMPLETION-CANDIDATES}.")
  private @Nullable Preset preset;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Used by --measure (default: empty).")
  private String prompt = "";

  @Option(
      names = "--measure",
      description =
          "Denoise with and without the step cache of --cache (default: with each kind), and print"
              + " the steps that it skips and the error that it makes.")
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
      print(plan.text(), plan.shortage(), out);
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
        new JobResolver(null, types.dit(), types.vae(), false, Optional.empty(), "")
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
      JobForecast forecast =
          JobForecast.of(types, request, backend, choice.budget(backend), choice.rates(backend));
      print(forecast.text(), forecast.shortage(), out);
    }
    return 0;
  }

  private static void print(String plan, Optional<String> shortage, PrintWriter out) {
    out.print(plan);
    out.flush();
    if (shortage.isPresent()) {
      throw new RunFailedException(shortage.get());
    }
  }

  /** The name of a released model. */
  static final class PresetNames implements ITypeConverter<Preset> {
    @Override
    public Preset convert(String value) {
      return Arrays.stream(Preset.values())
          .filter(preset -> preset.toString().equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s"
                          .formatted(
                              value,
                              Arrays.stream(Preset.values())
                                  .map(Preset::toString)
                                  .collect(Collectors.joining(", ")))));
    }
  }
}
