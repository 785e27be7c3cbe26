package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.train.ExampleGroup;
import org.t3jvm.model.train.TrainedVae;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.train.VaeObjective;
import org.t3jvm.model.train.data.Dataset;
import org.t3jvm.model.train.data.Sample;
import org.t3jvm.model.train.data.encode.PixelCrop;
import org.t3jvm.model.train.data.encode.PixelEncoder;
import org.t3jvm.model.train.data.encode.SizeRule;
import org.t3jvm.model.vae.LatentFold;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.VaeFamily;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;
import org.t3jvm.train.Network;
import org.t3jvm.train.ReconstructionLoss;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingStage;

/** An autoencoder learns to give back pieces of clips. */
final class VaeTask implements TrainingTask {
  /** Frames of a clip that pieces are cut from. */
  private static final int MOST_FRAMES = 81;

  /** Clips that the latents' mean and deviation are measured on. */
  private static final int MEASURED = 200;

  private static final int TIME_TAPS = 3;

  private final TrainingJob job;
  private final VaeConfig config;
  private final VaeObjective objective;
  private final TaskData clips;
  private final Backend backend;
  private Optional<Dataset> data = Optional.empty();

  VaeTask(TrainingJob job, Backend backend, TaskData clips) throws IOException {
    this.job = job;
    this.backend = backend;
    this.clips = clips;
    this.config = config(job);
    ReconstructionLoss loss = job.objective().loss();
    this.objective =
        new VaeObjective(loss.squared(), loss.absolute(), loss.charbonnier(), loss.divergence());
  }

  private static VaeConfig config(TrainingJob job) throws IOException {
    Network.VaeSizes sizes = job.network().vae();
    if (sizes != null) {
      return new VaeConfig(VaeFamily.WAN21, sizes.encoderWidth(), sizes.decoderWidth());
    }
    try (ModelPart<VaeConfig> start = start(job)) {
      return start.config();
    }
  }

  private static ModelPart<VaeConfig> start(TrainingJob job) throws IOException {
    return ModelPart.vae(ModelSource.of(TaskWeights.start(job, "network.vae")), 1);
  }

  @Override
  public Map<String, Tensor> initial() throws IOException {
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    if (job.network().vae() != null) {
      InitialWeights initial = PrimerModel.vae(job.pace().seed());
      return TaskWeights.made("", shapes, initial);
    }
    try (ModelPart<VaeConfig> start = start(job)) {
      return TaskWeights.copied("", shapes.keySet(), start.parameters());
    }
  }

  @Override
  public Parameters frozen() {
    return Parameters.of(Map.of());
  }

  @Override
  public Dataset data(TrainingStage stage) throws IOException {
    if (data.isEmpty()) {
      SizeRule rule = new SizeRule(MOST_FRAMES, Optional.empty(), config.spatialFactor());
      data = Optional.of(clips.build(rule, new PixelEncoder()));
    }
    return data.get();
  }

  @Override
  public boolean fits(TrainingStage stage, Shape clip) {
    PixelCrop piece = piece(size(stage, clip));
    return clip.dim(0) >= piece.frames()
        && clip.dim(1) >= piece.height()
        && clip.dim(2) >= piece.width();
  }

  @Override
  @SuppressWarnings("NullAway") // A stage of an autoencoder's job has a size.
  public Shape size(TrainingStage stage, Shape clip) {
    return Shape.of(stage.frames(), stage.height(), stage.width());
  }

  @Override
  public Shape planned(TrainingStage stage) {
    return size(stage, Shape.of(0));
  }

  private static PixelCrop piece(Shape size) {
    return new PixelCrop(size.intDim(0), size.intDim(1), size.intDim(2));
  }

  @Override
  public Graph graph(Shape size, Map<String, Tensor> weights) {
    return objective.graph(config, Parameters.of(weights), piece(size));
  }

  @Override
  public Trainer.Example example(
      TrainingStage stage, Sample sample, int index, TorchRandom random) {
    Shape size = size(stage, sample.clip().shape());
    PixelCrop piece = piece(size);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put(TrainedVae.FRAMES, piece.draw(sample.clip(), random));
    if (objective.divergence() != 0) {
      inputs.put(VaeObjective.NOISE, random.randn(VaeObjective.latents(config, piece)));
    }
    return new Trainer.Example(size, inputs);
  }

  @Override
  public ExampleGroup group(TrainingStage stage, Shape size) {
    return ExampleGroup.ALONE;
  }

  @Override
  public long tokens(Shape size) {
    return VaeObjective.latents(config, piece(size)).outer(3);
  }

  /** Sets the taps of earlier frames to 0 where a stage asks for it. */
  @Override
  public void enter(TrainingStage stage, Map<String, Tensor> weights) {
    if (!stage.zeroEarlierTaps()) {
      return;
    }
    for (Tensor weight : weights.values()) {
      Shape shape = weight.shape();
      if (shape.rank() == 5 && shape.dim(2) == TIME_TAPS && shape.dim(4) > 1) {
        long area = shape.dim(3) * shape.dim(4);
        for (long at = 0; at < shape.elements(); at++) {
          if (at / area % TIME_TAPS < TIME_TAPS - 1) {
            weight.setDouble(at, 0);
          }
        }
      }
    }
  }

  /** A piece above what comes back of it. */
  @Override
  public BufferedImage sample(TrainingStage stage, Sample clip, Map<String, Tensor> weights) {
    PixelCrop piece = piece(size(stage, clip.clip().shape()));
    Tensor frames = piece.draw(clip.clip(), new TorchRandom(job.pace().seed()));
    Parameters parameters = Parameters.of(weights);
    Graph graph =
        TrainedVae.graph(config, parameters, piece.frames(), piece.height(), piece.width());
    Tensor back = Tensor.allocate(DType.F32, frames.shape());
    try (Program program = backend.compile(graph, parameters)) {
      program.run(
          Map.of(TrainedVae.FRAMES, frames),
          Map.of(TrainedVae.RECONSTRUCTION, back),
          RegionListener.NONE);
    }
    return SampleStrip.above(SampleStrip.of(frames), SampleStrip.of(back));
  }

  /** With latents of mean 0 and deviation 1 where the autoencoder was made from nothing. */
  @Override
  public void write(Map<String, Tensor> weights) throws IOException {
    Map<String, Tensor> written = new LinkedHashMap<>(weights);
    if (job.network().vae() != null) {
      Parameters trained = Parameters.of(weights);
      written.putAll(LatentFold.of(latents(trained)).apply(config, trained));
    }
    TaskWeights.write(
        job.files().out().resolve(config.family() + "_VAE.safetensors"), written, Map.of());
  }

  private List<Tensor> latents(Parameters trained) throws IOException {
    Dataset measured = data(job.stages().getLast());
    List<Tensor> latents = new ArrayList<>();
    int stride = Math.max(1, measured.size() / MEASURED);
    for (int i = 0; i < measured.size(); i += stride) {
      Tensor pixels = measured.sample(i).clip();
      Shape shape = pixels.shape();
      PixelCrop whole = new PixelCrop(shape.intDim(0), shape.intDim(1), shape.intDim(2));
      try (VaeEncoder encoder =
          new VaeEncoder(backend, config, trained, whole.height(), whole.width(), Taps.NONE)) {
        Tensor frames = whole.draw(pixels, new TorchRandom(0));
        latents.add(encoder.encode(frames, region -> {}).to(DType.F32));
      }
    }
    return latents;
  }

  @Override
  public void close() {}
}
