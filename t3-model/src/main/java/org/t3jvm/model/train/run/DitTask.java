package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.train.DitExamples;
import org.t3jvm.model.train.NoiseDraw;
import org.t3jvm.model.train.Objective;
import org.t3jvm.model.train.TrainedText;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.DatasetBuilder;
import org.t3jvm.model.train.data.DatasetListener;
import org.t3jvm.model.train.data.ModelEncoder;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.model.train.data.SizeRule;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;
import org.t3jvm.train.Network;
import org.t3jvm.train.NoiseSampling;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingStage;

/** A transformer learns the velocities of noised latents, with or without its text encoder. */
final class DitTask implements TrainingTask {
  private static final int PATCH = 2;

  private final TrainingJob job;
  private final DatasetListener listener;
  private final ModelPart<VaeConfig> vae;
  private final TaskText text;
  private final DitConfig config;
  private final Map<SizeRule, Dataset> data = new HashMap<>();
  private final Backend backend;
  private @Nullable DitExamples examples;

  DitTask(TrainingJob job, Backend backend, DatasetListener listener) throws IOException {
    this.job = job;
    this.backend = backend;
    this.listener = listener;
    ModelSource parts = ModelSource.of(TaskWeights.parts(job));
    this.vae = ModelPart.vae(parts);
    this.text = TaskText.open(job, parts);
    this.config = config(job, vae.config(), text.config().dim());
  }

  private static DitConfig config(TrainingJob job, VaeConfig vae, int textDim) throws IOException {
    Network.DitSizes sizes = job.network().dit();
    if (sizes != null) {
      int channels = vae.latentChannels();
      return new DitConfig(
          channels,
          channels,
          sizes.dim(),
          sizes.heads(),
          sizes.ffn(),
          sizes.layers(),
          sizes.freqDim(),
          textDim,
          PATCH,
          PATCH);
    }
    try (ModelPart<DitConfig> start = start(job)) {
      return start.config();
    }
  }

  private static ModelPart<DitConfig> start(TrainingJob job) throws IOException {
    return ModelPart.dit(ModelSource.of(TaskWeights.start(job, "network.dit")));
  }

  @Override
  public Map<String, Tensor> initial() throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    if (job.network().dit() != null) {
      weights.putAll(TaskWeights.made("", shapes, PrimerModel.dit(config, job.pace().seed())));
    } else {
      try (ModelPart<DitConfig> start = start(job)) {
        weights.putAll(TaskWeights.copied("", shapes.keySet(), start.parameters()));
      }
    }
    if (job.network().trainText()) {
      weights.putAll(text.initial(TrainedText.PREFIX));
    }
    return weights;
  }

  @Override
  public Parameters frozen() {
    return Parameters.of(Map.of());
  }

  @Override
  public Dataset data(TrainingStage stage) throws IOException {
    SizeRule rule =
        new SizeRule(
            stage.frames(),
            Optional.ofNullable(stage.height())
                .map(height -> new FrameSize(height, Optional.ofNullable(stage.width()).orElse(0))),
            vae.config().spatialFactor() * PATCH);
    Dataset known = data.get(rule);
    if (known != null) {
      return known;
    }
    try (ModelEncoder encoder = new ModelEncoder(vae, text.captions(backend), backend)) {
      Dataset built =
          DatasetBuilder.build(job.files().data(), rule, encoder, job.files().encoded(), listener);
      data.put(rule, built);
      return built;
    }
  }

  @Override
  public boolean fits(TrainingStage stage, Shape clip) {
    return clip.intDim(1) == (stage.frames() - 1) / VaeConfig.TEMPORAL_FACTOR + 1;
  }

  @Override
  public Shape size(TrainingStage stage, Shape clip) {
    return clip;
  }

  private synchronized DitExamples examples() {
    if (examples == null) {
      examples = newExamples();
    }
    return Objects.requireNonNull(examples);
  }

  /** Of graphs of one length of text, that of the longest caption of all stages. */
  private DitExamples newExamples() {
    int longest = data.values().stream().mapToInt(Dataset::longestContext).max().orElseThrow();
    NoiseSampling noise = job.objective().noise();
    NoiseDraw draw =
        switch (noise.draw()) {
          case TABLE -> NoiseDraw.table(noise.shift(), noise.weighted());
          case STRATIFIED -> NoiseDraw.stratified(noise.shift());
        };
    Optional<TrainedText> encoder =
        job.network().trainText() ? Optional.of(new TrainedText(text.config())) : Optional.empty();
    return new DitExamples(config, Objective.VELOCITY, longest, draw, encoder);
  }

  @Override
  public Graph graph(Shape size, Map<String, Tensor> weights) {
    return examples().graph(SelfAttentionPlan.full(), Parameters.of(weights), size);
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
  public long tokens(Shape size) {
    return config.grid(size.intDim(1), size.intDim(2), size.intDim(3)).tokens();
  }

  @Override
  public void enter(TrainingStage stage, Map<String, Tensor> weights) {}

  @Override
  public void write(Path folder, Map<String, Tensor> weights) throws IOException {
    Map<String, Tensor> own = new LinkedHashMap<>(weights);
    own.keySet().retainAll(config.parameterShapes().asMap().keySet());
    ModelFolder written = new ModelFolder(folder);
    written.dit(config, own);
    written.copy(vae.files());
    if (job.network().trainText()) {
      written.text(TaskWeights.under(TrainedText.PREFIX, weights));
    } else {
      written.copy(text.files());
    }
    written.tokenizer(text.tokenizer());
    if (job.network().dit() != null) {
      written.defaults(data.values().iterator().next().shapes().getFirst(), vae.config());
    }
  }

  @Override
  public void close() {
    vae.close();
    text.close();
  }
}
