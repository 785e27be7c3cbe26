package org.t3jvm.model.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Context rows that come back in every run, such as those of the negative prompt, in one small file
 * each (SPEC 17). A file that is damaged, or is not what its name says, is never used; a folder
 * that cannot be written costs time and nothing else.
 */
public final class ContextCache {
  private static final String CONTEXT = "context";
  private static final String KEY = "key";
  private static final String HASH = "sha256";

  private final @Nullable Path folder;
  private final Consumer<String> notes;

  private ContextCache(@Nullable Path folder, Consumer<String> notes) {
    this.folder = folder;
    this.notes = notes;
  }

  /** Keeps nothing. */
  public static ContextCache off() {
    return new ContextCache(null, note -> {});
  }

  /**
   * Keeps files in a folder, which is made when it is needed.
   *
   * @param notes told in one line of what could not be used or kept
   */
  public static ContextCache in(Path folder, Consumer<String> notes) {
    return new ContextCache(folder, notes);
  }

  /** True if it keeps anything. */
  boolean on() {
    return folder != null;
  }

  /** The context [rows, dim] kept under a key, if there is one that can be trusted. */
  Optional<Tensor> find(ContextKey key, int rows, int dim) {
    Path file = file(key);
    if (file == null || !Files.exists(file)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      notes.accept("the kept text in '%s' is not used: it is no regular file".formatted(file));
      return Optional.empty();
    }
    try (Checkpoint kept = Checkpoints.open(file)) {
      return Optional.of(read(kept, key, rows, dim));
    } catch (IOException e) {
      notes.accept(
          "the kept text in '%s' is not used and made anew: %s".formatted(file, reason(e)));
      return Optional.empty();
    }
  }

  private static Tensor read(Checkpoint kept, ContextKey key, int rows, int dim)
      throws IOException {
    if (!key.hex().equals(kept.metadata().get(KEY))) {
      throw new IOException("it is of another prompt, model or machine");
    }
    Tensor stored = kept.tensor(CONTEXT);
    Tensor context = Tensor.allocate(DType.F32, Shape.of(rows, dim));
    if (stored.dtype() != context.dtype() || !stored.shape().equals(context.shape())) {
      throw new IOException("it holds %s, should be %s".formatted(stored, context));
    }
    context.copyFrom(stored);
    if (!ContextKey.hash(context).equals(kept.metadata().get(HASH))) {
      throw new IOException("it is damaged");
    }
    return context;
  }

  /** Keeps a context F32 [rows, dim]. */
  void keep(ContextKey key, Tensor context) {
    Path file = file(key);
    if (file == null) {
      return;
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      SafetensorsWriter.write(
          file,
          List.of(TensorInfo.of(CONTEXT, context)),
          name -> context,
          Map.of(KEY, key.hex(), HASH, ContextKey.hash(context)));
    } catch (IOException e) {
      notes.accept("text cannot be kept in '%s': %s".formatted(folder, reason(e)));
    }
  }

  private @Nullable Path file(ContextKey key) {
    return folder == null ? null : folder.resolve(key.hex() + ".safetensors");
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
