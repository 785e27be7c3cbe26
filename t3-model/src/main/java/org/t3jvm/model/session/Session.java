package org.t3jvm.model.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Compute;
import org.t3jvm.job.Lora;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.files.TrainedWindows;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.Rates;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.job.JobResolver;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.lora.LoraParameters;
import org.t3jvm.model.lora.LoraSource;
import org.t3jvm.model.profile.Profiling;
import org.t3jvm.model.prompt.ContextCache;
import org.t3jvm.model.prompt.NegativePrompt;
import org.t3jvm.model.prompt.PromptLength;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.warm.WarmPrograms;
import org.t3jvm.model.warm.WeightWatch;
import org.t3jvm.tensor.backend.Backend;

/**
 * A model that stays open from job to job, on the backend and with the weights that the last one
 * asked for. One thread uses it at a time.
 */
public final class Session implements AutoCloseable {
  private final ModelSource source;
  private final RunOptions options;
  private final Consumer<String> notes;
  private final @Nullable EmbeddedModel embedded;
  private final ModelFiles files;
  private final Profiling profiling;
  private @Nullable Opened opened;
  private @Nullable Rates rates;

  private Session(
      ModelSource source,
      RunOptions options,
      Consumer<String> notes,
      @Nullable EmbeddedModel embedded,
      ModelFiles files,
      Profiling profiling) {
    this.source = source;
    this.options = options;
    this.notes = notes;
    this.embedded = embedded;
    this.files = files;
    this.profiling = profiling;
  }

  /**
   * Finds the files of a model; weights and backend are opened for the first job.
   *
   * @param notes gets lines for people about what is opened, kept and closed
   * @throws IOException if a part is missing, or the profile cannot be written
   */
  public static Session open(ModelSource source, RunOptions options, Consumer<String> notes)
      throws IOException {
    EmbeddedModel embedded = source.embedded() ? EmbeddedModel.open() : null;
    try {
      ModelFiles files =
          ModelFiles.find(
              embedded == null ? source : ModelSource.of(embedded.folder()).with(source));
      Profiling profiling = Profiling.start(options.profile(), notes);
      return new Session(source, options, notes, embedded, files, profiling);
    } catch (IOException | RuntimeException e) {
      if (embedded != null) {
        embedded.close();
      }
      throw e;
    }
  }

  private @Nullable Path folder() {
    return embedded == null ? source.folder() : embedded.folder();
  }

  private Opened opened(Compute asked) throws IOException {
    Opened known = opened;
    if (known != null && known.serves(asked)) {
      return known;
    }
    closeOpened();
    BackendChoice choice = new BackendChoice(asked, options);
    choice.requirePossible();
    List<Path> all = files.all();
    for (Lora lora : asked.allLoras()) {
      all.addAll(new LoraSource(lora.file()).files());
    }
    ModelIdentity identity = ModelIdentity.of(embedded == null ? name() : "embedded", all);
    VideoModel model = VideoModel.open(files, asked, options.workers());
    try {
      Backend backend = programs(choice, WeightWatch.of(model.mapped()));
      noteLoras(model);
      MemoryBudget budget = choice.budget(backend);
      opened = Opened.of(asked, model, identity, backend, budget, contexts());
      return opened;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private Backend programs(BackendChoice choice, WeightWatch watch) throws IOException {
    try {
      return new WarmPrograms(profiling.watch(choice.open(notes)), watch);
    } catch (RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  private String name() {
    Path folder = source.folder();
    Path named = folder != null ? folder.toAbsolutePath().normalize() : files.dit().getFirst();
    return String.valueOf(named.getFileName());
  }

  private void noteLoras(VideoModel model) {
    for (LoraParameters changed : model.loras()) {
      changed.notes().forEach(notes);
      notes.accept(
          changed.bytes() == 0
              ? "LoRA change %d weights, on their way to int8".formatted(changed.changed())
              : "LoRA change %d weights, whose copies take %s of memory"
                  .formatted(changed.changed(), Sizes.bytes(changed.bytes())));
    }
  }

  /** The embedded model's contexts are not kept: it is unpacked anew for each session. */
  private ContextCache contexts() {
    Path folder = options.textCache();
    return folder == null || embedded != null ? ContextCache.off() : ContextCache.in(folder, notes);
  }

  /**
   * What a job comes to here.
   *
   * @throws org.t3jvm.job.JobException naming the field, if the model or the backend cannot do it
   * @throws IOException if a file cannot be read, or is not what it should be
   */
  public ResolvedJob resolve(VideoJob asked) throws IOException {
    Opened parts = opened(asked.compute());
    JobResolver resolver =
        new JobResolver(
            folder(),
            parts.model().ditConfig(),
            parts.model().vaeConfig(),
            files.t3().isPresent(),
            trainedWindows(),
            embedded == null ? NegativePrompt.UPSTREAM : "");
    ResolvedJob resolved = resolver.resolve(asked, notes);
    return resolved.with(resolved.job().with().compute(parts.actual()).build());
  }

  private Optional<T3WindowRule> trainedWindows() throws IOException {
    return files.t3().isPresent() ? TrainedWindows.of(files.t3().get()) : Optional.empty();
  }

  /** What a video of a job that was resolved here carries. */
  public VideoRecord record(ResolvedJob job) throws IOException {
    return new VideoRecord(
        ProgramVersion.CURRENT, opened(job.job().compute()).identity(), source, job.job());
  }

  /** The pipeline of a job that was resolved here. */
  public TextToVideo pipeline(ResolvedJob job) throws IOException {
    return opened(job.job().compute()).pipeline();
  }

  /** The model of a job that was resolved here, without its weights. */
  public ModelTypes types(ResolvedJob job) throws IOException {
    return opened(job.job().compute()).model().types();
  }

  /** The backend of a job that was resolved here. */
  public Backend backend(ResolvedJob job) throws IOException {
    return opened(job.job().compute()).backend();
  }

  /** What the backend of a job that was resolved here reaches, looked up when first asked for. */
  public Rates rates(ResolvedJob job) throws IOException {
    Backend backend = backend(job);
    Rates known = rates;
    if (known == null) {
      known = new BackendChoice(job.job().compute(), options).rates(backend);
      rates = known;
    }
    return known;
  }

  /** What a run of a job that was resolved here may take. */
  public MemoryBudget budget(ResolvedJob job) throws IOException {
    return opened(job.job().compute()).budget();
  }

  /** Gives a profile, if there is one, the stages of a run. */
  public Profiling profiling() {
    return profiling;
  }

  /** What the model does not read of a prompt, in one line. */
  public Optional<String> unread(ResolvedJob job, String what, String prompt) throws IOException {
    return PromptLength.cut(opened(job.job().compute()).model().tokenizer(), what, prompt);
  }

  /** Notes what the backend has to say about its work so far. */
  public void report(ResolvedJob job) throws IOException {
    backend(job).report().forEach(notes);
  }

  /** Prints a line for people. */
  public void note(String line) {
    notes.accept(line);
  }

  private void closeOpened() {
    if (opened != null) {
      opened.close();
      opened = null;
      rates = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeOpened();
    try {
      profiling.close();
    } finally {
      if (embedded != null) {
        embedded.close();
      }
    }
  }
}
