package org.t3jvm.job;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of a model are looked for: in a folder, or file by file. What is null is looked
 * for in the folder, under upstream's names.
 *
 * @param folder of a Wan download, or a folder of diffusers
 * @param dit the DiT
 * @param ditLow the DiT for low noise, of models with two
 * @param t3 T3-Video state dict to lay over the DiT
 * @param textEncoder the UMT5 encoder
 * @param vae the video autoencoder
 * @param tokenizer {@code tokenizer.json} or {@code spiece.model}; null also where the text
 *     encoder's file holds it
 */
public record ModelSource(
    @Nullable Path folder,
    @Nullable Path dit,
    @Nullable Path ditLow,
    @Nullable Path t3,
    @Nullable Path textEncoder,
    @Nullable Path vae,
    @Nullable Path tokenizer) {
  /** The tiny model that comes with the program. */
  public static final ModelSource EMBEDDED =
      new ModelSource(null, null, null, null, null, null, null);

  /** All parts from one folder. */
  public static ModelSource of(Path folder) {
    return new ModelSource(folder, null, null, null, null, null, null);
  }

  /**
   * True if this stands for the tiny model that comes with the program. Beside weights that are
   * given, no part is taken from it.
   */
  public boolean embedded() {
    boolean anyPart = dit != null || ditLow != null || textEncoder != null || vae != null;
    return folder == null && !anyPart;
  }

  /** The same with {@code other}'s parts in place of those that it names. */
  public ModelSource with(ModelSource other) {
    return new ModelSource(
        first(other.folder, folder),
        first(other.dit, dit),
        first(other.ditLow, ditLow),
        first(other.t3, t3),
        first(other.textEncoder, textEncoder),
        first(other.vae, vae),
        first(other.tokenizer, tokenizer));
  }

  private static @Nullable Path first(@Nullable Path one, @Nullable Path other) {
    return one != null ? one : other;
  }

  /** The same with paths that are good from any folder. */
  public ModelSource absolute() {
    return new ModelSource(
        absolute(folder),
        absolute(dit),
        absolute(ditLow),
        absolute(t3),
        absolute(textEncoder),
        absolute(vae),
        absolute(tokenizer));
  }

  private static @Nullable Path absolute(@Nullable Path path) {
    return Optional.ofNullable(path).map(Path::toAbsolutePath).orElse(null);
  }
}
