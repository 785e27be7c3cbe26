package org.t3jvm.loaders.safetensors;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.JsonLimits;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The index of a sharded checkpoint, {@code {"metadata": {...}, "weight_map": {tensor: file}}}
 * (SPEC 14).
 *
 * @param weightMap the shard file name of every tensor, in index order
 */
public record ShardIndex(Map<String, String> weightMap) {
  private static final long ENTRY_BYTES = 240;

  /**
   * Reads an index.
   *
   * @throws CheckpointException if it is no such JSON, repeats a name, or names a shard that is not
   *     a plain file name
   */
  public static ShardIndex read(MappedFile file) throws CheckpointException {
    Map<String, String> weightMap = new LinkedHashMap<>();
    boolean found = false;
    try (JsonParser json = JsonLimits.parser(file.slice(0, file.size()))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw file.error("is not a JSON object with a weight_map");
      }
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        JsonToken value = json.nextToken();
        if (!key.equals("weight_map")) {
          json.skipChildren();
        } else if (found || value != JsonToken.START_OBJECT) {
          throw file.error("must have one weight_map, an object of file names by tensor name");
        } else {
          found = true;
          readWeightMap(file, json, weightMap);
        }
      }
      if (json.nextToken() != null) {
        throw file.error("has content after its JSON object");
      }
    } catch (JacksonException e) {
      throw file.error(
          "is not valid JSON: " + Messages.plain(String.valueOf(e.getOriginalMessage())), e);
    }
    if (!found) {
      throw file.error("has no weight_map; it is not the index of a sharded checkpoint");
    }
    return new ShardIndex(weightMap);
  }

  private static void readWeightMap(MappedFile file, JsonParser json, Map<String, String> weightMap)
      throws CheckpointException {
    Map<String, String> shards = new LinkedHashMap<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw file.error("weight_map gives %s no file name".formatted(Messages.quote(name)));
      }
      String text = json.getString();
      file.allowDescription(ENTRY_BYTES + 4L * name.length() + 4L * text.length());
      String shard = shards.computeIfAbsent(text, same -> same);
      if (!isPlainName(shard)) {
        throw file.error(
            "weight_map puts %s into %s; a shard must be a file beside the index"
                .formatted(Messages.quote(name), Messages.quote(shard)));
      }
      if (weightMap.put(name, shard) != null) {
        throw file.error("weight_map has tensor %s twice".formatted(Messages.quote(name)));
      }
    }
  }

  private static boolean isPlainName(String shard) {
    if (shard.isEmpty() || shard.equals(".") || shard.equals("..") || shard.indexOf('\\') >= 0) {
      return false;
    }
    try {
      Path path = Path.of(shard);
      return path.getRoot() == null && path.getNameCount() == 1 && path.toString().equals(shard);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The shard files, each once, beside {@code index}. */
  public SequencedSet<Path> shards(Path index) {
    SequencedSet<Path> paths = new LinkedHashSet<>();
    for (String shard : weightMap.values()) {
      paths.add(index.resolveSibling(shard));
    }
    return paths;
  }

  /**
   * Fails unless the shards hold exactly the tensors that the index names.
   *
   * @param present the shard file name of every tensor that was found
   */
  public void requireExactly(Path index, Map<String, String> present) throws CheckpointException {
    Collection<String> missing = new LinkedHashSet<>();
    weightMap.forEach(
        (name, shard) -> {
          if (!shard.equals(present.get(name))) {
            missing.add(name + " (" + shard + ")");
          }
        });
    Collection<String> unlisted = new LinkedHashSet<>(present.keySet());
    unlisted.removeAll(weightMap.keySet());
    if (!missing.isEmpty() || !unlisted.isEmpty()) {
      throw new CheckpointException(
          ("%s: index and shards disagree: %d tensors not in their shard (%s), "
                  + "%d not in the index (%s)")
              .formatted(
                  index,
                  missing.size(),
                  Messages.list(missing),
                  unlisted.size(),
                  Messages.list(unlisted)));
    }
  }
}
