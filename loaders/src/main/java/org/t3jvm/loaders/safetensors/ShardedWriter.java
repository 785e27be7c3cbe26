package org.t3jvm.loaders.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.io.ElementWriter;
import org.t3jvm.loaders.io.JsonLimits;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one safetensors file, or {@code <name>-0000i-of-0000n.safetensors} with {@code
 * <name>.safetensors.index.json} if a limit on the size of a file requires several. They appear
 * under their names when all are complete, the index last.
 */
public final class ShardedWriter {
  private static final String END = ".safetensors";

  private final Path path;
  private final List<List<TensorInfo>> shards;
  private final List<Path> files = new ArrayList<>();

  /**
   * Plans the files.
   *
   * @param path a name that ends with {@code .safetensors}
   * @param limit the most bytes of tensors in a file; a larger tensor has one of its own
   */
  public ShardedWriter(Path path, Collection<TensorInfo> layout, long limit) {
    this.path = path;
    this.shards = split(layout, limit);
    String stem = stem(path);
    for (int i = 1; i <= shards.size(); i++) {
      String name = String.format(Locale.ROOT, "%s-%05d-of-%05d%s", stem, i, shards.size(), END);
      files.add(shards.size() == 1 ? path : path.resolveSibling(name));
    }
  }

  private static String stem(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.substring(0, name.length() - END.length());
  }

  private static List<List<TensorInfo>> split(Collection<TensorInfo> layout, long limit) {
    List<List<TensorInfo>> shards = new ArrayList<>();
    List<TensorInfo> shard = new ArrayList<>();
    long bytes = 0;
    for (TensorInfo info : layout) {
      if (!shard.isEmpty() && info.bytes() > limit - bytes) {
        shards.add(shard);
        shard = new ArrayList<>();
        bytes = 0;
      }
      shard.add(info);
      bytes += info.bytes();
    }
    shards.add(shard);
    return shards;
  }

  /** The files that will be written: the file itself, or the shards and their index. */
  public List<Path> files() {
    List<Path> all = new ArrayList<>(files);
    if (files.size() > 1) {
      all.add(index());
    }
    return all;
  }

  private Path index() {
    return path.resolveSibling(stem(path) + END + ".index.json");
  }

  /**
   * Writes all files.
   *
   * @param maker starts each of them
   * @throws IOException if elements cannot be had or a file cannot be written; then none appears
   */
  public void write(ElementWriter elements, Map<String, String> metadata, AtomicFile.Maker maker)
      throws IOException {
    List<AtomicFile> written = new ArrayList<>();
    try {
      for (int i = 0; i < files.size(); i++) {
        AtomicFile file = maker.create(files.get(i));
        written.add(file);
        SafetensorsWriter.write(file, shards.get(i), elements, metadata);
      }
      if (files.size() > 1) {
        AtomicFile file = maker.create(index());
        written.add(file);
        file.write(indexJson());
      }
      commit(written);
    } finally {
      for (AtomicFile file : written) {
        file.close();
      }
    }
  }

  private static void commit(List<AtomicFile> written) throws IOException {
    List<Path> fresh = new ArrayList<>();
    try {
      for (AtomicFile file : written) {
        boolean replaces = Files.exists(file.target());
        file.commit();
        if (!replaces) {
          fresh.add(file.target());
        }
      }
    } catch (CheckpointException e) {
      for (Path file : fresh) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
  }

  private byte[] indexJson() {
    long total = 0;
    for (List<TensorInfo> shard : shards) {
      for (TensorInfo info : shard) {
        total += info.bytes();
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonLimits.generator(bytes)) {
      json.writeStartObject();
      json.writeObjectPropertyStart("metadata");
      json.writeNumberProperty("total_size", total);
      json.writeEndObject();
      json.writeObjectPropertyStart("weight_map");
      for (int i = 0; i < shards.size(); i++) {
        String file = String.valueOf(files.get(i).getFileName());
        shards.get(i).forEach(info -> json.writeStringProperty(info.name(), file));
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
