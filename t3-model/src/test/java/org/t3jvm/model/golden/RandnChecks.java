package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** torch's CPU generator (SPEC 11), bit for bit. */
final class RandnChecks {
  private static final Pattern SEEDED =
      Pattern.compile(
          "(?:(mt19937|uniform)\\.)?seed(-?\\d+)\\.(?:n\\d+|shape[\\dx]+|u32_first_\\d+)");

  /** Draws of one generator after another, in the order of their names. */
  private static final Pattern CONSECUTIVE = Pattern.compile("(consecutive\\w*)\\.\\w+");

  private RandnChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    fixture.tolerance().requireExact("randn");
    List<GoldenCase> cases = new ArrayList<>();
    SequencedSet<Long> seeds = new LinkedHashSet<>();
    SequencedMap<String, List<String>> series = new LinkedHashMap<>();
    try (Checkpoint torch = open(fixture)) {
      for (String name : torch.entries().keySet()) {
        Matcher seeded = SEEDED.matcher(name);
        Matcher consecutive = CONSECUTIVE.matcher(name);
        if (seeded.matches()) {
          long seed = Long.parseLong(seeded.group(2));
          String stream = seeded.group(1) == null ? "randn" : seeded.group(1);
          seeds.add(seed);
          cases.add(new GoldenCase.OnHost(name, () -> check(fixture, name, seed, stream)));
        } else if (consecutive.matches()) {
          series.computeIfAbsent(consecutive.group(1), key -> new ArrayList<>()).add(name);
        } else {
          throw new AssertionError("randn: no check knows what tensor '" + name + "' is");
        }
      }
    }
    for (Map.Entry<String, List<String>> each : series.entrySet()) {
      List<String> names = each.getValue().stream().sorted().toList();
      cases.add(new GoldenCase.OnHost(each.getKey(), () -> checkSeries(fixture, names, seeds)));
    }
    return cases;
  }

  private static Checkpoint open(Fixture fixture) throws IOException {
    return Checkpoints.open(fixture.path(".safetensors"));
  }

  private static void check(Fixture fixture, String name, long seed, String stream)
      throws IOException {
    try (Checkpoint torch = open(fixture)) {
      Tensor expected = torch.tensor(name);
      TorchRandom random = new TorchRandom(seed);
      Tensor actual =
          stream.equals("randn")
              ? random.randn(expected.shape())
              : Tensor.allocate(expected.dtype(), expected.shape());
      for (long i = 0; i < expected.shape().elements() && !stream.equals("randn"); i++) {
        actual.setDouble(i, stream.equals("uniform") ? random.nextUniform() : random.nextWord());
      }
      Golden.sameBits(name, actual, expected);
    }
  }

  /** The file does not say the seed of these draws; it is one of those that it names elsewhere. */
  private static void checkSeries(Fixture fixture, List<String> names, Iterable<Long> seeds)
      throws IOException {
    try (Checkpoint torch = open(fixture)) {
      for (long seed : seeds) {
        if (isSeries(torch, names, seed)) {
          return;
        }
      }
    }
    throw new AssertionError(
        "%s are not consecutive draws of one generator with any of the seeds %s"
            .formatted(names, seeds));
  }

  private static boolean isSeries(Checkpoint torch, List<String> names, long seed)
      throws IOException {
    TorchRandom random = new TorchRandom(seed);
    boolean same = true;
    for (String name : names) {
      Tensor expected = torch.tensor(name);
      Tensor actual = random.randn(expected.shape());
      same &= expected.dtype() == DType.F32 && actual.segment().mismatch(expected.segment()) < 0;
    }
    return same;
  }
}
