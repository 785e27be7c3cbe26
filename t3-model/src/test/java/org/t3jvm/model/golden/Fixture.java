package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.tensor.graph.WindowCounts;
import tools.jackson.databind.JsonNode;

/**
 * One entry of a {@link FixtureSet}.
 *
 * @param folder the set's folder
 * @param json what {@code fixtures.json} says of the entry
 */
public record Fixture(Path folder, JsonNode json) {
  public String name() {
    return json.get("name").asString();
  }

  /** Names of the entry's files, relative to the set's folder. */
  public List<String> files() {
    return List.copyOf(json.get("files").propertyNames());
  }

  /** The entry's files that are listed but not there. */
  List<String> missingFiles() {
    return files().stream().filter(file -> !Files.isRegularFile(folder.resolve(file))).toList();
  }

  /** The path of a listed file, of which there must be exactly one that {@code which} accepts. */
  public Path path(String what, Predicate<String> which) {
    List<String> found = files().stream().filter(which).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "entry '%s' lists %d files that are %s, should be 1: %s"
              .formatted(name(), found.size(), what, files()));
    }
    return folder.resolve(found.getFirst());
  }

  /** The path of the only file whose name ends so. */
  public Path path(String suffix) {
    return path("named *" + suffix, file -> file.endsWith(suffix));
  }

  /** The file with this entry's inputs and expected outputs, {@code io.safetensors}. */
  Checkpoint io() throws IOException {
    return Checkpoints.open(path("/io.safetensors"));
  }

  /** Names of the tensors in {@code io.safetensors}. */
  Set<String> ioNames() throws IOException {
    try (Checkpoint io = io()) {
      return new LinkedHashSet<>(io.entries().keySet());
    }
  }

  /** The weights, of a file or the index of a sharded set, in float32 or in bf16. */
  public Path weights(boolean bf16) {
    boolean sharded = files().stream().anyMatch(file -> file.endsWith(".index.json"));
    return path(
        bf16 ? "bf16 weights" : "float32 weights",
        file ->
            file.contains("bf16") == bf16
                && !file.endsWith("/io.safetensors")
                && (bf16 || !sharded || file.endsWith(".index.json")));
  }

  /** The tolerance of a quantity, such as {@code video_abs}. */
  public double tolerance(String quantity) {
    return tolerance().of(quantity);
  }

  Tolerance tolerance() {
    return new Tolerance(name(), json.get("tolerance"));
  }

  /** What was measured of upstream's own runs, such as {@code bf16_run_video_mean_abs}. */
  double measured(String quantity) {
    return json.get("measured_f32_vs_f64_max_abs").get(quantity).asDouble();
  }

  /** An integer of the entry's {@code config}. */
  public int config(String field) {
    return json.get("config").get(field).asInt();
  }

  /** The window triples of each kind. */
  public T3Windows windows() {
    List<WindowCounts> kinds = new ArrayList<>();
    for (JsonNode triple : json.get("windows")) {
      kinds.add(
          new WindowCounts(triple.get(0).asInt(), triple.get(1).asInt(), triple.get(2).asInt()));
    }
    return new T3Windows(kinds);
  }
}
