package org.t3jvm.loaders.open;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.gguf.GgufFile;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.pth.PthFile;
import org.t3jvm.loaders.safetensors.SafetensorsFile;
import org.t3jvm.loaders.safetensors.ShardIndex;
import org.t3jvm.loaders.text.Messages;

/** Opens checkpoints of any supported format and combines them. */
public final class Checkpoints {
  private static final int ZIP_LOCAL = 0x04034B50;
  private static final int ZIP_EMPTY = 0x06054B50;

  private Checkpoints() {}

  /** A file, and which of several dicts in it. */
  private record Choice(Path file, @Nullable String name) {
    /** {@code FILE#NAME} where there is no file of that whole name. */
    static Choice of(Path path) {
      String last = fileName(path);
      int hash = last.lastIndexOf('#');
      return hash <= 0 || Files.exists(path)
          ? new Choice(path, null)
          : new Choice(path.resolveSibling(last.substring(0, hash)), last.substring(hash + 1));
    }
  }

  /** The file of {@code FILE#NAME}; of another path, itself. */
  public static Path file(Path path) {
    return Choice.of(path).file();
  }

  /** As {@link #open(Path, int)}, on one thread. */
  public static Checkpoint open(Path path) throws CheckpointException {
    return open(path, 1);
  }

  /**
   * Opens one checkpoint: a safetensors file, the index of a sharded set, a {@code torch.save} zip
   * file, or GGUF. The content decides, not the file's name.
   *
   * <p>{@code FILE#NAME} chooses one of several dicts of tensors in a {@code torch.save} file, such
   * as {@code generator_ema}.
   *
   * @param threads that decode a tensor which is not stored as it is used
   * @throws CheckpointException if the file is missing, malformed or of another format
   */
  public static Checkpoint open(Path path, int threads) throws CheckpointException {
    Choice chosen = Choice.of(path);
    if (chosen.name() != null) {
      return openFile(chosen, threads);
    }
    MappedFile file = MappedFile.open(path);
    ShardIndex index;
    try {
      if (!looksLikeJson(file)) {
        return read(file, null, threads);
      }
      index = index(file);
    } catch (CheckpointException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
    file.close();
    return openShards(path, index, threads);
  }

  private static ShardIndex index(MappedFile file) throws CheckpointException {
    try {
      return ShardIndex.read(file);
    } catch (CheckpointException e) {
      String message = ForeignFile.describeJson(file);
      throw message == null ? e : file.error(message, e);
    }
  }

  /** Opens a file that must not be an index, so that an index cannot lead to itself. */
  private static Checkpoint openFile(Choice chosen, int threads) throws CheckpointException {
    MappedFile file = MappedFile.open(chosen.file());
    try {
      return read(file, chosen.name(), threads);
    } catch (CheckpointException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static Checkpoint read(MappedFile file, @Nullable String choice, int threads)
      throws CheckpointException {
    if (file.size() == 0) {
      throw file.error("is empty");
    }
    if (file.size() >= 4 && (file.u32(0) == ZIP_LOCAL || file.u32(0) == ZIP_EMPTY)) {
      return PthFile.of(file, choice);
    }
    if (choice != null) {
      throw file.error(
          "is no torch.save file, of which %s could name a part".formatted(Messages.quote(choice)));
    }
    if (GgufFile.is(file)) {
      return GgufFile.of(file, threads);
    }
    String foreign = isHeaderLength(file) ? null : ForeignFile.describe(file);
    if (foreign != null) {
      throw file.error(foreign);
    }
    return SafetensorsFile.of(file);
  }

  /** Text and magic numbers would be absurd header lengths: bytes 4 to 7 are not zero. */
  private static boolean isHeaderLength(MappedFile file) {
    return file.size() >= Long.BYTES && file.i64(0) >>> 32 == 0;
  }

  private static boolean looksLikeJson(MappedFile file) {
    long first = 0;
    while (first < Math.min(file.size(), 4) && Character.isWhitespace(file.u8(first))) {
      first++;
    }
    return first < file.size() && file.u8(first) == '{' && !isHeaderLength(file);
  }

  private static Checkpoint openShards(Path index, ShardIndex shards, int threads)
      throws CheckpointException {
    List<String> absent = new ArrayList<>();
    for (Path shard : shards.shards(index)) {
      if (!Files.exists(shard)) {
        absent.add(fileName(shard));
      }
    }
    if (!absent.isEmpty()) {
      throw new CheckpointException(
          "%s: %d shards are missing beside it: %s"
              .formatted(index, absent.size(), Messages.list(absent)));
    }
    List<Checkpoint> parts = openEach(shards.shards(index), threads);
    try {
      Map<String, String> present = new HashMap<>();
      for (Checkpoint part : parts) {
        Path file = Path.of(part.description());
        part.entries().keySet().forEach(name -> present.put(name, fileName(file)));
      }
      shards.requireExactly(index, present);
      return CheckpointSet.union(index.toString(), parts);
    } catch (CheckpointException e) {
      parts.forEach(Checkpoint::close);
      throw e;
    }
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static List<Checkpoint> openEach(Collection<Path> paths, int threads)
      throws CheckpointException {
    List<Checkpoint> parts = new ArrayList<>();
    try {
      for (Path path : paths) {
        parts.add(openFile(Choice.of(path), threads));
      }
      return parts;
    } catch (CheckpointException e) {
      parts.forEach(Checkpoint::close);
      throw e;
    }
  }

  /**
   * Opens several files, none of them an index, as one checkpoint: what T3 does with a glob.
   *
   * @param threads that decode a tensor which is not stored as it is used
   * @throws CheckpointException if one cannot be opened or a tensor name occurs in two
   */
  public static Checkpoint open(List<Path> paths, int threads) throws CheckpointException {
    List<Checkpoint> parts = openEach(paths, threads);
    try {
      return union(parts);
    } catch (CheckpointException e) {
      parts.forEach(Checkpoint::close);
      throw e;
    }
  }

  /**
   * All tensors of {@code parts} as one checkpoint, which closes them when it is closed.
   *
   * @throws CheckpointException if a tensor name occurs in two parts, naming all such; the parts
   *     stay open
   */
  public static Checkpoint union(List<Checkpoint> parts) throws CheckpointException {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    List<String> descriptions = new ArrayList<>();
    parts.forEach(part -> descriptions.add(part.description()));
    return CheckpointSet.union(String.join(" + ", descriptions), parts);
  }

  /**
   * {@code base} with the tensors of {@code top} in place of its own of the same name: SPEC 14's T3
   * loading order, where {@code top} is a T3-Video state dict. Tensors that {@code top} lacks stay
   * those of the base; element types may differ. The result closes both when it is closed.
   *
   * @throws CheckpointException if {@code top} has names that the base lacks, or other shapes,
   *     naming all such; both stay open
   */
  public static Checkpoint overlay(Checkpoint base, Checkpoint top) throws CheckpointException {
    return CheckpointSet.overlay(base, top);
  }
}
