package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.option.SamplingOptions;
import org.t3jvm.cli.option.VaeOptions;
import org.t3jvm.cli.option.VideoOptions;
import org.t3jvm.cli.report.ConsoleProgress;
import org.t3jvm.cli.report.Sizes;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SourceVideo;
import org.t3jvm.model.lora.LoraOption;
import org.t3jvm.model.lora.LoraSource;
import org.t3jvm.model.profile.Profiling;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.PromptLength;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.video.CroppingSink;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.model.warm.WarmPrograms;
import org.t3jvm.tensor.backend.Backend;

/** A model opened on a backend, which makes one video after another. */
public final class VideoSession {
  /** What is done with a session. */
  interface Job {
    /** Gives the exit status. */
    int run(VideoSession session) throws IOException;
  }

  private final GenerationOptions options;
  private final ModelFiles files;
  private final ModelDefaults defaults;
  private final ModelIdentity identity;
  private final VideoModel model;
  private final Profiling profiling;
  private final Backend backend;
  private final PrintWriter err;

  private VideoSession(
      GenerationOptions options,
      ModelFiles files,
      ModelDefaults defaults,
      ModelIdentity identity,
      VideoModel model,
      Profiling profiling,
      Backend backend,
      PrintWriter err) {
    this.options = options;
    this.files = files;
    this.defaults = defaults;
    this.identity = identity;
    this.model = model;
    this.profiling = profiling;
    this.backend = backend;
    this.err = err;
  }

  /**
   * Opens the model and the backend that the options name, and closes them after the job.
   *
   * @param err takes notes and progress, unless the options ask for quiet
   */
  static int run(GenerationOptions options, PrintWriter err, Job job) throws IOException {
    int threads = options.compute.backend.settings().threads();
    try (EmbeddedModel embedded = options.embedded() ? EmbeddedModel.open() : null) {
      Path folder = embedded == null ? options.model.model : embedded.folder();
      ModelFiles files = ModelFiles.find(folder, options.model.given());
      ModelIdentity identity =
          ModelIdentity.of(
              embedded == null ? name(folder, files) : "embedded",
              all(files, options.lora.loras()));
      try (VideoModel model =
              VideoModel.open(files, options.model.weights, options.lora.loras(), threads);
          Profiling profiling =
              Profiling.start(options.compute.profile, line -> note(options, err, line));
          Backend backend =
              new WarmPrograms(
                  profiling.watch(
                      options.compute.backend.open(line -> note(options, err, line))))) {
        ModelDefaults defaults =
            ModelDefaults.of(
                folder, options.video.released(model.ditConfig(), files.t3().isPresent()));
        options.lora.tell(model, line -> note(options, err, line));
        return job.run(
            new VideoSession(options, files, defaults, identity, model, profiling, backend, err));
      }
    }
  }

  private static String name(@Nullable Path folder, ModelFiles files) {
    Path named = folder != null ? folder.toAbsolutePath().normalize() : files.dit().getFirst();
    return String.valueOf(named.getFileName());
  }

  private static List<Path> all(ModelFiles files, List<LoraOption> loras) {
    List<Path> all = new ArrayList<>(files.dit());
    all.addAll(files.ditLow());
    files.t3().ifPresent(all::add);
    all.addAll(List.of(files.textEncoder(), files.vae(), files.tokenizer()));
    loras.forEach(lora -> all.addAll(new LoraSource(lora.file()).files()));
    return all;
  }

  /** What the options ask for, of one prompt. */
  GenerationRequest request(String prompt) throws IOException {
    return options.video.request(
        prompt,
        options.text.negative(options.embedded()),
        model.ditConfig(),
        model.vaeConfig(),
        files.t3().isPresent(),
        defaults,
        this::note);
  }

  /** What the model does not read of a prompt, in one line. */
  Optional<String> cut(String prompt) {
    return PromptLength.cut(model.tokenizer(), "prompt", prompt);
  }

  /** Prints what the model does not read of a request's prompts. */
  void warnOfCut(GenerationRequest request) {
    cut(request.prompt()).ifPresent(line -> warn("t3: " + line));
    if (request.guided()) {
      PromptLength.cut(model.tokenizer(), "negative prompt", request.negative())
          .ifPresent(line -> warn("t3: " + line));
    }
  }

  /** What is known of the model without its weights. */
  ModelTypes types() {
    return model.types();
  }

  Backend backend() {
    return backend;
  }

  /** Frames a second of the written video. */
  public double fps() {
    return options.video.fps(defaults);
  }

  /** Size of the written frames; what a request computes may be larger. */
  FrameSize frameSize() {
    return options.video.frameSize(model.ditConfig(), model.vaeConfig(), defaults);
  }

  private static FrameSize computed(GenerationRequest request) {
    return new FrameSize(request.height(), request.width());
  }

  private static String described(FrameSize size, FrameSize computed) {
    return size.equals(computed) ? size.toString() : size + " cropped from " + computed;
  }

  /** A request's settings in one line. */
  String description(GenerationRequest request) {
    return String.format(
        Locale.ROOT,
        "%s, %d frames at %s a second, %d %s steps, cfg %s, shift %s, seed %d, %s%s%s%s, on %s",
        described(frameSize(), computed(request)),
        request.frames(),
        VideoOptions.number(fps()),
        request.steps(),
        request.sampler(),
        VideoOptions.number(request.guidance()),
        VideoOptions.number(request.shift()),
        request.seed(),
        request.attention().description(),
        SamplingOptions.description(request),
        VaeOptions.description(request),
        options.lora.description(),
        backend.name());
  }

  /**
   * What a video of {@code request} tells of itself.
   *
   * @param arguments see {@link GivenArguments}
   */
  VideoRecord record(GenerationRequest request, List<String> arguments) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("size", described(frameSize(), computed(request)));
    settings.put("frames", String.valueOf(request.frames()));
    settings.put("fps", VideoOptions.number(fps()));
    settings.put("sampler", request.sampler().toString());
    settings.put("steps", String.valueOf(request.steps()));
    settings.put("cfg", VideoOptions.number(request.guidance()));
    settings.put("shift", VideoOptions.number(request.shift()));
    settings.put("attention", request.attention().description());
    if (request.cache() != null) {
      settings.put("cache", request.cache().toString());
    }
    settings.put("weights", options.model.weights.toString().toLowerCase(Locale.ROOT));
    SourceVideo source = request.source();
    if (source != null) {
      settings.put("strength", VideoOptions.number(source.strength()));
    }
    if (request.tiling() != null) {
      settings.put("vae", "in tiles of " + request.tiling());
    }
    return new VideoRecord(
        ProgramVersion.CURRENT,
        request.prompt(),
        request.negative(),
        request.seed(),
        identity,
        settings,
        arguments);
  }

  /**
   * Makes a video, from where {@code keeper} knows it to be; no part of one that fails is left
   * under its name.
   *
   * @param out as a user types it, see {@link VideoWriters}
   * @param signals that may stop it
   * @throws UsageException if the name or the size cannot be
   */
  void make(
      GenerationRequest request,
      String out,
      VideoRecord record,
      RunKeeper keeper,
      StopSignals signals)
      throws IOException {
    Consumer<RunEvent> previews = options.preview.listener(request, out, fps(), this::warn);
    try (FrameSink sink = openSink(request, out, record)) {
      run(
          previews,
          signals.token(),
          (pipeline, progress) -> pipeline.generate(request, sink, keeper, progress));
      sink.finish();
    }
  }

  /** What is done with a pipeline. */
  interface Work {
    void run(TextToVideo pipeline, RunProgress progress) throws IOException;
  }

  /**
   * Works with a pipeline that prints its progress, unless the options ask for quiet.
   *
   * @param events another listener
   */
  void run(Consumer<RunEvent> events, CancelToken cancel, Work work) throws IOException {
    try (ConsoleProgress console = options.compute.quiet ? null : new ConsoleProgress(err)) {
      Consumer<RunEvent> all = console == null ? events : console.andThen(events);
      work.run(
          new TextToVideo(
              model,
              backend,
              options.compute.backend.budget(backend),
              options.text.cache(options.embedded(), this::note)),
          new RunProgress(profiling.watch(all), cancel));
      backend.report().forEach(this::note);
    }
  }

  /**
   * Takes Ctrl-C over while a video is made.
   *
   * @param command that goes on with the video
   */
  StopSignals stopSignals(String command) {
    return StopSignals.install(err, command);
  }

  /** Tells people that a video is there. */
  void noteWritten(String out, GenerationRequest request, Instant started) {
    note(
        "wrote %s: %d frames of %s in %s"
            .formatted(
                out,
                request.frames(),
                frameSize(),
                Sizes.duration(Duration.between(started, Instant.now()))));
  }

  private FrameSink openSink(GenerationRequest request, String out, VideoRecord record)
      throws IOException {
    FrameSize size = frameSize();
    try {
      return CroppingSink.of(
          VideoWriters.open(out, size.width(), size.height(), fps(), record.tags()),
          computed(request),
          size);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Tells people something, unless they asked for quiet. */
  public void note(String line) {
    note(options, err, line);
  }

  /** Tells people of a failure, whatever they asked for. */
  public void warn(String line) {
    err.println(line);
  }

  private static void note(GenerationOptions options, PrintWriter err, String line) {
    if (!options.compute.quiet) {
      err.println(line);
    }
  }
}
