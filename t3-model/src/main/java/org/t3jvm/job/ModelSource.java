package org.t3jvm.job;

import java.io.Serializable;
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

  /**
   * Where the parts of a model are by name, such as {@code hdfs://namenode/models/Wan2.1-T2V-1.3B},
   * for programs that copy them to where they are used. Each part is as in {@link ModelSource}.
   */
  public record Uris(
      @Nullable String folder,
      @Nullable String dit,
      @Nullable String ditLow,
      @Nullable String t3,
      @Nullable String textEncoder,
      @Nullable String vae,
      @Nullable String tokenizer)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The tiny model that comes with the program. */
    public static final Uris EMBEDDED = of(null);

    /** Makes something of the name of a part. */
    public interface Naming<T, E extends Exception> {
      T of(String name) throws E;
    }

    /** All parts from one folder. */
    public static Uris of(@Nullable String folder) {
      return new Uris(folder, null, null, null, null, null, null);
    }

    /**
     * The same parts by other names.
     *
     * @throws E if {@code naming} does
     */
    public <E extends Exception> Uris map(Naming<String, E> naming) throws E {
      return new Uris(
          apply(naming, folder),
          apply(naming, dit),
          apply(naming, ditLow),
          apply(naming, t3),
          apply(naming, textEncoder),
          apply(naming, vae),
          apply(naming, tokenizer));
    }

    /**
     * The parts as files of this machine.
     *
     * @throws E if {@code place} does
     */
    public <E extends Exception> ModelSource at(Naming<Path, E> place) throws E {
      return new ModelSource(
          apply(place, folder),
          apply(place, dit),
          apply(place, ditLow),
          apply(place, t3),
          apply(place, textEncoder),
          apply(place, vae),
          apply(place, tokenizer));
    }

    private static <T, E extends Exception> @Nullable T apply(
        Naming<T, E> naming, @Nullable String name) throws E {
      return name == null ? null : naming.of(name);
    }
  }
}
