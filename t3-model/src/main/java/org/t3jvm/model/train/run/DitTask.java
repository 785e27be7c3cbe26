package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Attention;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.files.TrainedWindows;
import org.t3jvm.model.train.DitExamples;
import org.t3jvm.model.train.ExampleGroup;
import org.t3jvm.model.train.NoiseDraw;
import org.t3jvm.model.train.Objective;
import org.t3jvm.model.train.TrainedText;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.model.train.data.encode.ModelEncoder;
import org.t3jvm.model.train.data.encode.SizeRule;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;
import org.t3jvm.train.Network;
import org.t3jvm.train.NoiseSampling;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingStage;

/** A transformer learns the velocities of noised latents, with or without its text encoder. */
final class DitTask implements TrainingTask {
  private final TrainingJob job;
  private final TaskData clips;
  private final ModelPart<VaeConfig> vae;
  private final TaskText text;
  private final DitWeights trained;
  private final DitConfig config;
  private final Map<SizeRule, Dataset> data = new HashMap<>();
  private final Backend backend;
  private @Nullable DitExamples examples;

  private DitTask(
      TrainingJob job,
      Backend backend,
      TaskData clips,
      ModelPart<VaeConfig> vae,
      TaskText text,
      DitWeights trained) {
    this.job = job;
    this.backend = backend;
    this.clips = clips;
    this.vae = vae;
    this.text = text;
    this.trained = trained;
    this.config = trained.config();
  }

  /**
   * Opens the parts of the model.
   *
   * @param threads that decode stored tensors
   */
  static DitTask open(TrainingJob job, Backend backend, TaskData clips, int threads)
      throws IOException {
    ModelSource parts = ModelSource.of(TaskWeights.parts(job));
    ModelPart<VaeConfig> vae = ModelPart.vae(parts, threads);
    TaskText text = TaskText.open(job, parts, threads);
    DitWeights trained =
        job.model() == TrainedModel.LORA
            ? LoraOfDit.open(job, threads)
            : WholeDit.open(job, vae.config(), text.config().dim(), threads);
    return new DitTask(job, backend, clips, vae, text, trained);
  }

  @Override
  public Map<String, Tensor> initial() throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>(trained.initial());
    if (job.network().trainText()) {
      weights.putAll(text.initial(TrainedText.PREFIX));
    }
    return weights;
  }

  @Override
  public Parameters frozen() {
    return trained.frozen();
  }

  private SizeRule rule(TrainingStage stage) {
    Integer height = stage.height();
    Integer width = stage.width();
    Optional<FrameSize> size =
        height == null || width == null
            ? Optional.empty()
            : Optional.of(new FrameSize(height, width));
    return new SizeRule(stage.frames(), size, vae.config().spatialFactor() * config.patchH());
  }

  @Override
  public Dataset data(TrainingStage stage) throws IOException {
    SizeRule rule = rule(stage);
    Dataset known = data.get(rule);
    if (known != null) {
      return known;
    }
    try (ModelEncoder encoder = new ModelEncoder(vae, text.captions(backend), backend)) {
      Dataset built = clips.build(rule, encoder);
      data.put(rule, built);
      return built;
    }
  }

  @Override
  public boolean fits(TrainingStage stage, Shape clip) {
    return clip.intDim(1) == VaeConfig.latentFrames(stage.frames());
  }

  @Override
  public Shape size(TrainingStage stage, Shape clip) {
    return clip;
  }

  @Override
  public Shape planned(TrainingStage stage) {
    FrameSize size = plannedSize(stage);
    int factor = vae.config().spatialFactor();
    return Shape.of(
        vae.config().latentChannels(),
        VaeConfig.latentFrames(stage.frames()),
        size.height() / factor,
        size.width() / factor);
  }

  /** Of a relay's images, which keep their own sizes: the base's, and twice that. */
  private FrameSize plannedSize(TrainingStage stage) {
    Integer height = stage.height();
    Integer width = stage.width();
    if (height != null && width != null) {
      return new FrameSize(height, width);
    }
    Network.Relay relay = job.network().relay();
    if (relay == null) {
      throw new JobException("stages.height is missing, must be given to plan without data");
    }
    FrameSize base = base(relay);
    int times = relay.second() ? 2 : 1;
    return new FrameSize(times * base.height(), times * base.width());
  }

  /** Size of the videos that are enlarged later. */
  private FrameSize base(Network.Relay relay) {
    Integer height = relay.baseHeight();
    Integer width = relay.baseWidth();
    ModelDefaults released = defaults(ModelDefaults.wan(config));
    return new FrameSize(
        height == null ? released.height() : height, width == null ? released.width() : width);
  }

  private synchronized DitExamples examples() {
    if (examples == null) {
      examples = newExamples();
    }
    return Objects.requireNonNull(examples);
  }

  /** Of graphs of one length of text: that of the longest caption, or all if none is read. */
  private DitExamples newExamples() {
    int longest =
        data.values().stream().mapToInt(Dataset::longestContext).max().orElse(TextRows.TEXT_LENGTH);
    NoiseSampling noise = job.objective().noise();
    NoiseDraw draw =
        switch (noise.draw()) {
          case TABLE -> NoiseDraw.table(noise.shift(), noise.weighted());
          case STRATIFIED -> NoiseDraw.stratified(noise.shift());
        };
    Optional<TrainedText> encoder =
        job.network().trainText() ? Optional.of(new TrainedText(text.config())) : Optional.empty();
    Objective objective = sharpens() ? Objective.SHARP_SAMPLE : Objective.VELOCITY;
    return new DitExamples(config, objective, longest, draw, encoder);
  }

  private boolean sharpens() {
    Network.Relay relay = job.network().relay();
    return relay != null && relay.second() && relay.hfato();
  }

  @Override
  public Graph graph(Shape size, Map<String, Tensor> weights) {
    return trained.over(examples().graph(plan(size), trained.types(weights), size));
  }

  /** As a video of that size is rendered: full, or in the windows of {@link #windowRule}. */
  private SelfAttentionPlan plan(Shape latents) {
    Network.Relay relay = job.network().relay();
    if (relay != null && relay.second()) {
      return pooled(relay, latents);
    }
    Optional<T3WindowRule> rule = windowRule(latents);
    return rule.isPresent() ? rule.get().windows(grid(latents)) : SelfAttentionPlan.full();
  }

  /**
   * What T3 windows follow if there are any: those that are given for this size, or the model's.
   */
  private Optional<T3WindowRule> windowRule(Shape latents) {
    Attention asked = job.network().attention();
    boolean windows =
        job.model() == TrainedModel.RETROFIT
            || (asked != null && asked.kind() == Attention.Kind.T3);
    if (!windows) {
      return Optional.empty();
    }
    if (asked != null && asked.windows() != null) {
      return Optional.of(new T3WindowRule(grid(latents), new T3Windows(asked.windows())));
    }
    try {
      return Optional.of(defaults(ModelDefaults.T3_VIDEO).windowRule(config, vae.config()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Windows as large as a frame of the base, and pooled keys (SPEC 21.4). */
  private InwardWindows pooled(Network.Relay relay, Shape latents) {
    int pixels = vae.config().spatialFactor() * config.patchH();
    FrameSize base = base(relay);
    TokenGrid frame = new TokenGrid(1, base.height() / pixels, base.width() / pixels);
    InwardWindows windows = InwardWindows.gclf(frame, relay.pooling());
    try {
      windows.requireFit(grid(latents));
    } catch (IllegalArgumentException e) {
      throw new JobException("network.lora.relay.pooling: " + e.getMessage(), e);
    }
    return windows;
  }

  private ModelDefaults defaults(ModelDefaults released) {
    try {
      return ModelDefaults.of(job.files().start(), released);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TokenGrid grid(Shape latents) {
    return config.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
  }

  @Override
  public Trainer.Example example(
      TrainingStage stage, Sample sample, int index, TorchRandom random) {
    boolean empty = random.nextUniform() < job.objective().noise().emptyCaptions();
    Sample given = empty ? new Sample(sample.clip(), emptyContext()) : sample;
    return examples().of(given, index, stage.batch(), random);
  }

  private Tensor emptyContext() {
    return data.values().iterator().next().emptyContext();
  }

  @Override
  public ExampleGroup group(TrainingStage stage, Shape size) {
    return ExampleGroup.of(stage.batch(), tokens(size));
  }

  @Override
  public long tokens(Shape size) {
    return grid(size).tokens();
  }

  @Override
  public void enter(TrainingStage stage, Map<String, Tensor> weights) {}

  /** The clip above a sample of its caption. */
  @Override
  public BufferedImage sample(TrainingStage stage, Sample clip, Map<String, Tensor> weights) {
    DitSampler sampler = new DitSampler(backend, vae, config.freqDim());
    Trainer.Example example = examples().of(clip, 0, 1, new TorchRandom(job.pace().seed()));
    Parameters own = Parameters.of(weights);
    Parameters all = name -> weights.containsKey(name) ? own.tensor(name) : frozen().tensor(name);
    Tensor made = sampler.latents(graph(example.size(), weights), all, example);
    return SampleStrip.above(
        SampleStrip.of(sampler.frames(clip.clip())), SampleStrip.of(sampler.frames(made)));
  }

  @Override
  public void write(Map<String, Tensor> weights) throws IOException {
    Shape last = data(job.stages().getLast()).shapes().getFirst();
    trained.write(weights, windowRule(last).map(TrainedWindows::metadata).orElse(Map.of()));
    if (job.model() == TrainedModel.DIT) {
      writeOtherParts(job.files().out(), weights, last);
    }
  }

  private void writeOtherParts(Path folder, Map<String, Tensor> weights, Shape last)
      throws IOException {
    ModelFolder written = new ModelFolder(folder);
    written.copy(vae.files());
    if (job.network().trainText()) {
      written.text(TaskWeights.under(TrainedText.PREFIX, weights));
    } else {
      written.copy(text.files());
    }
    written.tokenizer(text.tokenizer());
    ModelDefaults start =
        job.files().start() == null
            ? ModelFolder.FROM_NOTHING
            : defaults(ModelDefaults.wan(config));
    written.defaults(last, vae.config(), plan(last), start);
  }

  @Override
  public void close() {
    trained.close();
    vae.close();
    text.close();
  }
}
