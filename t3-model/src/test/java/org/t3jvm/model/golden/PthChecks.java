package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Tensor;

/** Files that torch wrote, bit for bit (SPEC 14). */
final class PthChecks {
  private PthChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    fixture.tolerance().requireExact("tensors");
    List<GoldenCase> cases = new ArrayList<>();
    for (String file : fixture.files()) {
      if (file.endsWith(".pth")) {
        Path path = fixture.folder().resolve(file);
        cases.add(new GoldenCase.OnHost(file, () -> check(fixture, path)));
      }
    }
    return cases;
  }

  private static void check(Fixture fixture, Path file) throws IOException {
    try (Checkpoint torch = Checkpoints.open(fixture.path(".safetensors"));
        Checkpoint actual = Checkpoints.open(file)) {
      Map<String, Tensor> expected = group(torch, actual);
      for (Map.Entry<String, Tensor> each : expected.entrySet()) {
        Tensor tensor = actual.tensor(each.getKey());
        if (!tensor.shape().equals(each.getValue().shape())) {
          throw new AssertionError(
              "%s is %s, should be %s".formatted(each.getKey(), tensor, each.getValue()));
        }
        Golden.sameBits(each.getKey(), tensor, each.getValue());
      }
    }
  }

  /** The expected tensors are in groups, {@code group.name}; one has just the file's names. */
  private static Map<String, Tensor> group(Checkpoint torch, Checkpoint actual) throws IOException {
    Map<String, Map<String, Tensor>> groups = new TreeMap<>();
    for (String name : torch.entries().keySet()) {
      int dot = name.indexOf('.');
      groups
          .computeIfAbsent(name.substring(0, dot), key -> new TreeMap<>())
          .put(name.substring(dot + 1), torch.tensor(name));
    }
    return groups.values().stream()
        .filter(group -> group.keySet().equals(actual.entries().keySet()))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "it holds %s, no group of expected tensors does: %s"
                        .formatted(new TreeSet<>(actual.entries().keySet()), groups)));
  }
}
