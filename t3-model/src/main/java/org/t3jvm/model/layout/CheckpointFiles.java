package org.t3jvm.model.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;

/**
 * The files of one checkpoint: a file, the index of a sharded set, or shards without an index.
 *
 * @param files one file, or several that together hold the tensors
 * @param shards true if their names say of how many files each is one
 */
public record CheckpointFiles(List<Path> files, boolean shards) {
  private static final String INDEX = ".safetensors.index.json";
  private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|pth|pt|bin|gguf)");
  private static final Pattern SHARD = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.safetensors");

  public CheckpointFiles {
    files = List.copyOf(files);
  }

  /**
   * The checkpoints in a folder, by name; shards that have an index are not listed beside it.
   *
   * @param depth how many levels of folders to look into; 1 is the folder alone
   */
  public static List<CheckpointFiles> in(Path folder, int depth) throws IOException {
    Map<Path, List<Path>> groups = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder, depth)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        Matcher shard = SHARD.matcher(name);
        if (name.startsWith(".")) {
          continue;
        }
        if (name.endsWith(INDEX)) {
          String stem = name.substring(0, name.length() - INDEX.length());
          groups.computeIfAbsent(file.resolveSibling(stem), key -> new ArrayList<>()).add(file);
        } else if (shard.matches()) {
          Path stem = file.resolveSibling(shard.group(1));
          groups.computeIfAbsent(stem, key -> new ArrayList<>()).add(file);
        } else if (WEIGHTS.matcher(name).matches()) {
          groups.computeIfAbsent(file, key -> new ArrayList<>()).add(file);
        }
      }
    }
    return groups.values().stream().map(CheckpointFiles::ofGroup).toList();
  }

  private static CheckpointFiles ofGroup(List<Path> group) {
    return group.stream()
        .filter(file -> file.toString().endsWith(INDEX))
        .findFirst()
        .map(CheckpointFiles::of)
        .orElse(new CheckpointFiles(group, isShard(group.getFirst())));
  }

  private static boolean isShard(Path file) {
    return SHARD.matcher(String.valueOf(file.getFileName())).matches();
  }

  /** One file or index. */
  public static CheckpointFiles of(Path file) {
    return new CheckpointFiles(List.of(file), false);
  }

  /** The only checkpoint that a path names: a file, or a folder that holds just one. */
  public static CheckpointFiles single(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return of(path);
    }
    List<CheckpointFiles> found = in(path, 1);
    if (found.size() != 1) {
      throw new IOException(
          "folder '%s' holds %d checkpoints%s; give one file, index or folder"
              .formatted(path, found.size(), found.isEmpty() ? "" : ": " + names(found)));
    }
    return found.getFirst();
  }

  private static String names(List<CheckpointFiles> found) {
    return String.join(
        ", ", found.stream().map(each -> each.first().getFileName().toString()).toList());
  }

  /** The file, the index or the first shard. */
  public Path first() {
    return files.getFirst();
  }

  /**
   * Opens the checkpoint.
   *
   * @param threads that decode a tensor which is not stored as it is used
   * @throws IOException if it cannot be read, naming shards that are missing
   */
  public Checkpoint open(int threads) throws IOException {
    if (!shards) {
      return Checkpoints.open(first(), threads);
    }
    requireEveryShard();
    return Checkpoints.open(files, threads);
  }

  /** Without an index, the names of the shards tell how many there are. */
  private void requireEveryShard() throws IOException {
    TreeSet<Integer> missing = new TreeSet<>();
    int count = 0;
    for (Path file : files) {
      Matcher shard = SHARD.matcher(String.valueOf(file.getFileName()));
      if (shard.matches() && count == 0) {
        count = Integer.parseInt(shard.group(3));
        IntStream.rangeClosed(1, count).forEach(missing::add);
      }
      if (shard.matches()) {
        missing.remove(Integer.parseInt(shard.group(2)));
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "'%s' is one of %d shards; missing beside it are those numbered %s"
              .formatted(first(), count, missing));
    }
  }
}
