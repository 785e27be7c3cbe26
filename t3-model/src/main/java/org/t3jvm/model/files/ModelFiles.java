package org.t3jvm.model.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.layout.Part;

/**
 * Where the parts of a model lie, under upstream's own file names, in the folders of diffusers or
 * in those of ComfyUI, unless given one by one.
 *
 * @param dit the DiT's files: one, which may be the index of a sharded set, or several shards
 * @param ditLow the files of the DiT for low noise, if the model has two (Wan2.2-A14B), else none
 * @param t3 a T3-Video state dict to lay over the DiT, if any
 * @param textEncoder the UMT5 encoder
 * @param vae the video autoencoder
 * @param tokenizer the tokenizer's {@code tokenizer.json} or {@code spiece.model}, or the text
 *     encoder's file where that holds it ({@link EncoderTokenizer})
 * @param config the DiT's {@code config.json}, if there is one
 */
public record ModelFiles(
    List<Path> dit,
    List<Path> ditLow,
    Optional<Path> t3,
    Path textEncoder,
    Path vae,
    Path tokenizer,
    Optional<Path> config) {

  /** Every file that weights and the tokenizer lie in. */
  public List<Path> all() {
    List<Path> all = new ArrayList<>(dit);
    all.addAll(ditLow);
    t3.ifPresent(all::add);
    all.addAll(List.of(textEncoder, vae, tokenizer));
    return all;
  }

  private static final String CONFIG = "config.json";
  private static final String LOW_NOISE = "low_noise_model";
  private static final String SECOND = "transformer_2";
  private static final String COMFY_LOW = "diffusion_models/*low_noise*";
  private static final Pattern SHARD = Pattern.compile("(.*-)\\d{5}(-of-\\d{5}\\.[a-z]+)");
  private static final List<String> DIT =
      join(
          weights("diffusion_pytorch_model", "", "high_noise_model/", "transformer/"),
          comfy("diffusion_models/*high_noise*", "diffusion_models/*", "unet/*"));
  private static final List<String> DIT_LOW =
      join(weights("diffusion_pytorch_model", LOW_NOISE + "/", SECOND + "/"), comfy(COMFY_LOW));
  private static final List<String> TEXT_ENCODER =
      join(
          List.of("models_t5_umt5-xxl-enc-bf16.pth", "models_t5*.{pth,safetensors}"),
          join(weights("model", "text_encoder/"), comfy("text_encoders/*umt5*", "clip/*umt5*")));
  private static final List<String> VAE =
      join(
          List.of("Wan2.1_VAE.pth", "Wan2.*_VAE.{pth,safetensors}"),
          join(weights("diffusion_pytorch_model", "vae/"), comfy("vae/*[wW]an*")));
  private static final List<String> TOKENIZER =
      List.of(
          "google/umt5-xxl/tokenizer.json",
          "tokenizer.json",
          "tokenizer/tokenizer.json",
          "google/umt5-xxl/spiece.model",
          "spiece.model",
          "tokenizer/spiece.model");

  /** An index where there is one, so that shards that are missing are missed. */
  private static List<String> weights(String name, String... folders) {
    return Stream.of(folders)
        .flatMap(
            folder ->
                Stream.of(".safetensors.index.json", "*.safetensors", "*.{pth,bin}")
                    .map(end -> folder + name + end))
        .toList();
  }

  /** ComfyUI's folder of models. */
  private static List<String> comfy(String... names) {
    return Stream.of(names).map(name -> name + ".{safetensors,gguf}").toList();
  }

  private static List<String> join(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  /**
   * The files of a model.
   *
   * @throws IOException naming the part, the folder and the names looked for
   */
  public static ModelFiles find(ModelSource source) throws IOException {
    Path folder = source.folder();
    List<Path> dit = findDit(source);
    Path text = findTextEncoder(source);
    Path vae = findVae(source);
    boolean within =
        source.tokenizer() == null && !hasTokenizer(folder) && EncoderTokenizer.isIn(text);
    return new ModelFiles(
        dit,
        ditLow(source),
        Optional.ofNullable(source.t3()),
        text,
        vae,
        within ? text : findTokenizer(source),
        configBeside(dit));
  }

  static List<Path> findDit(ModelSource source) throws IOException {
    return source.dit() != null
        ? List.of(source.dit())
        : oneOrShards(source.folder(), "DiT", "files.dit", DIT);
  }

  static Path findTextEncoder(ModelSource source) throws IOException {
    return one(
        source.textEncoder(), source.folder(), "text encoder", "files.textEncoder", TEXT_ENCODER);
  }

  static Path findVae(ModelSource source) throws IOException {
    return one(source.vae(), source.folder(), "VAE", "files.vae", VAE);
  }

  /** The tokenizer of a model that need not be complete. */
  public static Path findTokenizer(ModelSource source) throws IOException {
    return one(source.tokenizer(), source.folder(), "tokenizer", "files.tokenizer", TOKENIZER);
  }

  static Optional<Path> configBeside(List<Path> dit) {
    Path beside = dit.getFirst().toAbsolutePath().resolveSibling(CONFIG);
    return Files.exists(beside) ? Optional.of(beside) : Optional.empty();
  }

  /** A folder's second DiT belongs to its first: one that is given alone is alone. */
  private static List<Path> ditLow(ModelSource source) throws IOException {
    Path folder = source.folder();
    if (source.ditLow() != null) {
      return List.of(source.ditLow());
    }
    return source.dit() == null && folder != null && hasLowNoise(folder)
        ? oneOrShards(folder, "DiT for low noise", "files.ditLow", DIT_LOW)
        : List.of();
  }

  private static boolean hasTokenizer(@Nullable Path folder) throws IOException {
    return folder != null
        && TOKENIZER.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
  }

  private static boolean hasLowNoise(Path folder) throws IOException {
    return !glob(folder, COMFY_LOW + ".{safetensors,gguf}").isEmpty()
        || Files.isDirectory(folder.resolve(LOW_NOISE))
        || Files.isDirectory(folder.resolve(SECOND));
  }

  private static Path one(
      @Nullable Path given, @Nullable Path folder, String part, String field, List<String> names)
      throws IOException {
    if (given != null) {
      return given;
    }
    List<Path> found = matches(folder, part, field, names);
    if (found.size() > 1) {
      throw several(folder, part, field, found);
    }
    return found.getFirst();
  }

  /** One file, or the shards of one checkpoint: not the same weights in two precisions. */
  private static List<Path> oneOrShards(
      @Nullable Path folder, String part, String field, List<String> names) throws IOException {
    List<Path> found = matches(folder, part, field, names);
    long checkpoints =
        found.stream()
            .map(file -> SHARD.matcher(file.getFileName().toString()).replaceFirst("$1$2"))
            .distinct()
            .count();
    if (checkpoints > 1) {
      throw several(folder, part, field, found);
    }
    return found;
  }

  private static IOException several(
      @Nullable Path folder, String part, String field, List<Path> found) {
    return new IOException(
        "model folder '%s' has %d files for the %s: %s; keep one, or give %s FILE"
            .formatted(folder, found.size(), part, relative(folder, found), field));
  }

  /** The files of the first pattern that has any, by name. */
  private static List<Path> matches(
      @Nullable Path folder, String part, String field, List<String> patterns) throws IOException {
    if (folder == null) {
      throw new FileNotFoundException(
          "no " + part + ": give files.folder DIR or " + field + " FILE");
    }
    if (!Files.isDirectory(folder)) {
      throw new FileNotFoundException("model folder '" + folder + "' is not a folder");
    }
    for (String pattern : patterns) {
      List<Path> found = glob(folder, pattern);
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new FileNotFoundException(
        "model folder '%s' has no %s: looked for %s; put it there or give %s FILE"
            .formatted(folder, part, String.join(", ", patterns), field));
  }

  private static List<Path> glob(Path folder, String pattern) throws IOException {
    int slash = pattern.lastIndexOf('/');
    Path parent = slash < 0 ? folder : folder.resolve(pattern.substring(0, slash));
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    var matcher = parent.getFileSystem().getPathMatcher("glob:" + pattern.substring(slash + 1));
    try (Stream<Path> files = Files.list(parent)) {
      return files.filter(file -> matcher.matches(file.getFileName())).sorted().toList();
    }
  }

  private static String relative(@Nullable Path folder, List<Path> files) {
    return files.stream()
        .map(file -> folder == null ? file : folder.relativize(file))
        .map(Path::toString)
        .collect(Collectors.joining(", "));
  }

  /** Opens the DiT, with the T3 state dict over it if there is one. */
  Checkpoint openDit(int threads) throws IOException {
    return openDit(dit, t3.orElse(null), threads);
  }

  static Checkpoint openDit(List<Path> dit, @Nullable Path t3, int threads) throws IOException {
    Checkpoint base = open(Part.DIT, dit, threads);
    if (t3 == null) {
      return base;
    }
    try {
      return overlay(base, open(Part.DIT, List.of(t3), threads));
    } catch (IOException e) {
      base.close();
      throw e;
    }
  }

  /** Opens the DiT for low noise, of a model that has two. */
  Checkpoint openDitLow(int threads) throws IOException {
    return open(Part.DIT, ditLow, threads);
  }

  /** Opens the text encoder. */
  Checkpoint openTextEncoder(int threads) throws IOException {
    return openTextEncoder(textEncoder, threads);
  }

  static Checkpoint openTextEncoder(Path file, int threads) throws IOException {
    return open(Part.TEXT_ENCODER, List.of(file), threads);
  }

  /** Opens the VAE. */
  Checkpoint openVae(int threads) throws IOException {
    return openVae(vae, threads);
  }

  static Checkpoint openVae(Path file, int threads) throws IOException {
    return open(Part.VAE, List.of(file), threads);
  }

  /** A part's tensors under their original names. */
  private static Checkpoint open(Part part, List<Path> files, int threads) throws IOException {
    Checkpoint file =
        files.size() == 1
            ? Checkpoints.open(files.getFirst(), threads)
            : Checkpoints.open(files, threads);
    try {
      return part.of(file);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static Checkpoint overlay(Checkpoint base, Checkpoint top) throws IOException {
    try {
      return Checkpoints.overlay(base, top);
    } catch (IOException e) {
      top.close();
      throw e;
    }
  }
}
