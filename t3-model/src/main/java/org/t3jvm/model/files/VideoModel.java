package org.t3jvm.model.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.t3jvm.job.Compute;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Lora;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.lora.LoraParameters;
import org.t3jvm.model.lora.LoraSource;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.quantize.Q8;

/** The opened parts of a text-to-video model, checked to be complete and to fit each other. */
public final class VideoModel implements AutoCloseable {
  /** A code, and its share of an F32 scale. */
  private static final double Q8_BITS = Byte.SIZE + (double) Float.SIZE / Q8.BLOCK;

  private final Tokenizer tokenizer;
  private final Umt5Config textConfig;
  private final Checkpoint text;
  private final WeightFormat format;
  private final Parameters textParameters;
  private final List<DitExpert> experts;
  private final VaeConfig vaeConfig;
  private final Parameters vaeParameters;
  private final List<LoraParameters> loras;
  private final List<Checkpoint> checkpoints;
  private final Arena memory;

  private VideoModel(
      Tokenizer tokenizer,
      Umt5Config textConfig,
      Checkpoint text,
      WeightFormat format,
      List<DitExpert> experts,
      VaeConfig vaeConfig,
      Checkpoint vae,
      List<LoraParameters> loras,
      List<Checkpoint> checkpoints,
      Arena memory,
      int threads) {
    this.tokenizer = tokenizer;
    this.textConfig = textConfig;
    this.text = text;
    this.format = format;
    this.textParameters = FormattedWeights.of(text, format, memory, threads);
    this.experts = List.copyOf(experts);
    this.vaeConfig = vaeConfig;
    this.vaeParameters = new CheckpointParameters(vae);
    this.loras = List.copyOf(loras);
    this.checkpoints = List.copyOf(checkpoints);
    this.memory = memory;
  }

  /** As {@link #open(ModelFiles, Compute, int)}, with weights as they are stored. */
  public static VideoModel open(ModelFiles files) throws IOException {
    return open(files, WeightFormat.STORED, List.of());
  }

  /** As {@link #open(ModelFiles, Compute, int)}, on all processors. */
  public static VideoModel open(ModelFiles files, WeightFormat format, List<Lora> changes)
      throws IOException {
    return open(
        files,
        new Compute(Compute.CPU, null, null, format, changes, null),
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens and checks all parts; reads names and shapes, no elements.
   *
   * @param asked the format of the weights of the DiT and of the text encoder, and LoRA
   * @param threads that decode stored weights, and compute those that LoRA changes or that are
   *     quantised
   * @throws IOException if a file cannot be read, lacks tensors, or has unexpected or misshapen
   *     ones, or if the parts or a LoRA are of different models
   * @throws JobException if there is LoRA for a second DiT and no such DiT
   */
  public static VideoModel open(ModelFiles files, Compute asked, int threads) throws IOException {
    WeightFormat format = asked.weights();
    List<Checkpoint> opened = new ArrayList<>();
    List<LoraParameters> loras = new ArrayList<>();
    Arena memory = Arena.ofShared();
    try {
      List<DitExpert> experts =
          openExperts(files, asked, new DitWeights(format, threads, loras, opened, memory), opened);
      Checkpoint text = remember(opened, files.openTextEncoder(threads));
      Umt5Config textConfig = ModelPart.infer(text, Umt5Config::infer, Umt5Config::parameterShapes);
      Checkpoint vae = remember(opened, files.openVae(threads));
      VaeConfig vaeConfig = ModelPart.infer(vae, VaeConfig::infer, VaeConfig::parameterShapes);
      requireFit(files, experts.getFirst().config(), textConfig, vaeConfig);
      Tokenizer tokenizer =
          files.tokenizer().equals(files.textEncoder())
              ? EncoderTokenizer.load(files.textEncoder())
              : Tokenizer.load(files.tokenizer());
      requireFit(files, tokenizer, textConfig);
      return new VideoModel(
          tokenizer,
          textConfig,
          text,
          format,
          experts,
          vaeConfig,
          vae,
          loras,
          opened,
          memory,
          threads);
    } catch (IOException | RuntimeException e) {
      opened.forEach(Checkpoint::close);
      memory.close();
      throw e;
    }
  }

  private static List<DitExpert> openExperts(
      ModelFiles files, Compute asked, DitWeights weights, List<Checkpoint> opened)
      throws IOException {
    List<Lora> low = asked.lorasLow();
    if (low != null && files.ditLow().isEmpty()) {
      throw new JobException(
          "compute.lorasLow is for models of two DiTs, such as Wan2.2-T2V-A14B; this one has one");
    }
    OptionalInt heads =
        files.config().isPresent()
            ? ModelConfigFile.heads(files.config().get())
            : OptionalInt.empty();
    Checkpoint dit = remember(opened, files.openDit(weights.threads()));
    DitConfig config =
        ModelPart.infer(dit, shapes -> DitConfig.infer(shapes, heads), DitConfig::parameterShapes);
    if (files.ditLow().isEmpty()) {
      return List.of(new DitExpert(config, weights.of(dit, asked.loras()), 0));
    }
    Checkpoint second = remember(opened, files.openDitLow(weights.threads()));
    DitConfig lowConfig =
        ModelPart.infer(
            second, shapes -> DitConfig.infer(shapes, heads), DitConfig::parameterShapes);
    if (!lowConfig.equals(config)) {
      throw new IOException(
          "'%s' is not a DiT of the same sizes as '%s'; they are of different models"
              .formatted(second.description(), dit.description()));
    }
    return List.of(
        new DitExpert(config, weights.of(dit, asked.loras()), DitExpert.A14B_BOUNDARY),
        new DitExpert(config, weights.of(second, low == null ? asked.loras() : low), 0));
  }

  /** Makes the weights of a DiT of those in its file: LoRA laid over them, then quantised. */
  private record DitWeights(
      WeightFormat format,
      int threads,
      List<LoraParameters> loras,
      List<Checkpoint> opened,
      Arena memory) {
    Parameters of(Checkpoint dit, List<Lora> changes) throws IOException {
      if (changes.isEmpty()) {
        return FormattedWeights.of(dit, format, memory, threads);
      }
      List<LoraParameters.Opened> files = new ArrayList<>();
      for (Lora change : changes) {
        LoraParameters.Opened file = new LoraSource(change.file()).open(change.scale(), threads);
        remember(opened, file.checkpoint());
        files.add(file);
      }
      boolean kept = format == WeightFormat.STORED;
      CheckpointParameters stored = new CheckpointParameters(dit);
      LoraParameters changed = LoraParameters.over(stored, dit, files, kept, threads);
      loras.add(changed);
      return FormattedWeights.of(changed, format, memory, threads, stored::release);
    }
  }

  private static Checkpoint remember(List<Checkpoint> opened, Checkpoint checkpoint) {
    opened.add(checkpoint);
    return checkpoint;
  }

  /**
   * A release pads its embedding by less than a hundredth; a tokenizer of half its ids is other.
   */
  private static void requireFit(ModelFiles files, Tokenizer tokenizer, Umt5Config text)
      throws IOException {
    if (tokenizer.size() > text.vocab() || tokenizer.size() < text.vocab() / 2) {
      throw new IOException(
          "'%s' has %d ids, the text encoder '%s' embeds %d; give the tokenizer that belongs to it with files.tokenizer FILE"
              .formatted(files.tokenizer(), tokenizer.size(), files.textEncoder(), text.vocab()));
    }
  }

  private static void requireFit(ModelFiles files, DitConfig dit, Umt5Config text, VaeConfig vae)
      throws IOException {
    if (dit.textDim() != text.dim()) {
      throw new IOException(
          "'%s' gives context rows of width %d, the DiT takes %d; they are of different models"
              .formatted(files.textEncoder(), text.dim(), dit.textDim()));
    }
    if (dit.inChannels() != vae.latentChannels()) {
      throw new IOException(
          "'%s' has %d latent channels, the DiT %d; they are of different models"
              .formatted(files.vae(), vae.latentChannels(), dit.inChannels()));
    }
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  public Umt5Config textConfig() {
    return textConfig;
  }

  /** What weights are kept as. */
  public WeightFormat format() {
    return format;
  }

  /** Where the text encoder's weights come from. */
  public Checkpoint textCheckpoint() {
    return text;
  }

  public Parameters textParameters() {
    return textParameters;
  }

  /** What is known of this model without its weights. */
  public ModelTypes types() {
    return new ModelTypes(
        ditConfig(),
        experts.getFirst().parameters(),
        vaeConfig,
        vaeParameters,
        textConfig,
        textParameters);
  }

  /** The sizes that all experts have. */
  public DitConfig ditConfig() {
    return experts.getFirst().config();
  }

  /** What LoRA change of each DiT; empty without LoRA. */
  public List<LoraParameters> loras() {
    return loras;
  }

  /**
   * Bytes of weights that are not mapped files, once all are made: those that LoRA change, and
   * blocks of GGUF files as F32, or as codes where all become such.
   */
  public long madeBytes() {
    long decoded = checkpoints.stream().mapToLong(Checkpoint::decodedBytes).sum();
    double made = format == WeightFormat.Q8 ? decoded * Q8_BITS / Float.SIZE : decoded;
    return loras.stream().mapToLong(LoraParameters::bytes).sum() + (long) made;
  }

  /** The DiT, or several by falling timestep. */
  public List<DitExpert> experts() {
    return experts;
  }

  public VaeConfig vaeConfig() {
    return vaeConfig;
  }

  public Parameters vaeParameters() {
    return vaeParameters;
  }

  /** Every file that weights are mapped from. */
  public List<Path> mapped() {
    return checkpoints.stream().flatMap(checkpoint -> checkpoint.files().stream()).toList();
  }

  @Override
  public void close() {
    checkpoints.forEach(Checkpoint::close);
    if (memory.scope().isAlive()) {
      memory.close();
    }
  }
}
