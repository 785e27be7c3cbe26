package org.t3jvm.model.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.pipeline.GenerationRequest;
import org.t3jvm.model.pipeline.ModelDefaults;
import org.t3jvm.model.pipeline.ModelFiles;
import org.t3jvm.model.pipeline.Progress;
import org.t3jvm.model.pipeline.RunObserver;
import org.t3jvm.model.pipeline.TextToVideo;
import org.t3jvm.model.pipeline.VideoModel;
import org.t3jvm.model.profile.Profiling;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code t3 generate}: a prompt becomes a video file. */
@Command(
    name = "generate",
    description = "Renders a video from a text prompt.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to show.")
  private String prompt = "";

  @Option(names = "--negative", paramLabel = "TEXT", description = "What not to show.")
  private String negative = "";

  @Mixin private final ModelOptions modelOptions = new ModelOptions();
  @Mixin private final VideoOptions videoOptions = new VideoOptions();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Backend to compute on, see t3 devices (default: ${DEFAULT-VALUE}).")
  private String backendName = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads of the cpu backend (default: one a processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description = "H.264 video, or a folder of PNG frames (default: ${DEFAULT-VALUE}).")
  private String out = "video.mp4";

  @Option(
      names = "--profile",
      paramLabel = "FILE.json",
      description = "Write where the time goes, a trace for Perfetto or chrome://tracing.")
  private @Nullable Path profile;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    BackendOptions options = backendOptions();
    if (modelOptions.model != null || modelOptions.given().complete()) {
      generate(modelOptions.model, options);
      return 0;
    }
    try (EmbeddedModel embedded = EmbeddedModel.open()) {
      generate(embedded.folder(), options);
    }
    return 0;
  }

  private BackendOptions backendOptions() {
    if (threads == null) {
      return BackendOptions.defaults();
    }
    if (threads < 1) {
      throw new UsageException("--threads is %d, must be at least 1".formatted(threads));
    }
    return new BackendOptions(threads);
  }

  private void generate(@Nullable Path folder, BackendOptions options) throws IOException {
    Instant started = Instant.now();
    ModelFiles files = ModelFiles.find(folder, modelOptions.given());
    try (VideoModel model = VideoModel.open(files)) {
      ModelDefaults defaults =
          ModelDefaults.of(folder, videoOptions.released(model.ditConfig(), files));
      GenerationRequest request =
          videoOptions.request(
              prompt, negative, model.ditConfig(), model.vaeConfig(), files, defaults, this::note);
      double fps = videoOptions.fps(defaults);
      note(
          String.format(
              Locale.ROOT,
              "%dx%d, %d frames at %s a second, %d steps, cfg %s, shift %s, seed %d, %s, on %s",
              request.width(),
              request.height(),
              request.frames(),
              VideoOptions.number(fps),
              request.steps(),
              VideoOptions.number(request.guidance()),
              VideoOptions.number(request.shift()),
              request.seed(),
              request.attention().description(),
              backendName));
      try (Profiling profiling = Profiling.start(profile, this::note);
          FrameSink sink = openSink(request, fps);
          Backend backend = profiling.watch(Backends.named(backendName).open(options))) {
        run(model, backend, request, sink, profiling);
        sink.finish();
      }
      note(
          "wrote %s: %d frames of %dx%d in %s"
              .formatted(
                  out,
                  request.frames(),
                  request.width(),
                  request.height(),
                  Sizes.duration(Duration.between(started, Instant.now()))));
    }
  }

  private FrameSink openSink(GenerationRequest request, double fps) throws IOException {
    try {
      return VideoWriters.open(out, request.width(), request.height(), fps, Map.of());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private void run(
      VideoModel model,
      Backend backend,
      GenerationRequest request,
      FrameSink sink,
      Profiling profiling)
      throws IOException {
    try (ConsoleProgress console = quiet ? null : new ConsoleProgress(err())) {
      Progress progress = profiling.watch(console == null ? Progress.NONE : console);
      new TextToVideo(model, backend, progress, RunObserver.NONE).generate(request, sink);
    }
  }

  private void note(String line) {
    if (!quiet) {
      err().println(line);
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
