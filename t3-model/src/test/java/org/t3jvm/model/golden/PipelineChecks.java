package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.pipeline.GenerationRequest;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** The whole pipeline (SPEC 1) from prompt to uint8 frames, with every intermediate value. */
final class PipelineChecks {
  private static final Set<String> COMPARED_BY_OTHERS =
      Set.of(
          "prompt.ids",
          "prompt.mask",
          "negative.ids",
          "negative.mask",
          "sigmas",
          "timesteps",
          "video",
          "frames_uint8");

  private PipelineChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    if (fixture.json().get("run").get("tiled").asBoolean()) {
      return List.of(new GoldenCase.Later("run", "tiled decode is not covered yet"));
    }
    return List.of(
        new GoldenCase.OnHost("token ids", () -> checkIds(set, fixture)),
        new GoldenCase.OnHost("sigmas and timesteps", () -> checkSchedule(set, fixture)),
        new GoldenCase.OnBackend("run", backend -> checkRun(set, fixture, backend)));
  }

  private static void checkIds(FixtureSet set, Fixture fixture) throws IOException {
    GenerationRequest request = ModelFolder.request(fixture);
    Path file = set.named("tokenizer").path("/tokenizer.json");
    try (Checkpoint io = fixture.io();
        Tokenizer tokenizer = Tokenizer.load(file)) {
      checkIds("prompt", request.prompt(), tokenizer, io);
      if (request.guided()) {
        checkIds("negative", request.negative(), tokenizer, io);
      }
    }
  }

  private static void checkIds(String side, String text, Tokenizer tokenizer, Checkpoint io)
      throws IOException {
    long[] padded = io.tensor(side + ".ids").toLongs();
    long[] ids = tokenizer.encode(PromptCleaner.clean(text), padded.length);
    long[] ours = Arrays.copyOf(ids, padded.length);
    Arrays.fill(ours, ids.length, ours.length, tokenizer.padId());
    if (!Arrays.equals(ours, padded)) {
      throw new AssertionError(
          "%s.ids are %s, should be %s"
              .formatted(side, Arrays.toString(ids), Arrays.toString(padded)));
    }
    long[] mask = new long[padded.length];
    Arrays.fill(mask, 0, ids.length, 1);
    if (!Arrays.equals(mask, io.tensor(side + ".mask").toLongs())) {
      throw new AssertionError("%s.mask is not %d ones".formatted(side, ids.length));
    }
    if (padded.length != TextRows.TEXT_LENGTH) {
      throw new AssertionError(
          "%s.ids are padded to %d, the pipeline to %d"
              .formatted(side, padded.length, TextRows.TEXT_LENGTH));
    }
  }

  /** The entry has no tolerance of its own for these; the scheduler's entry has. */
  private static void checkSchedule(FixtureSet set, Fixture fixture) throws IOException {
    Tolerance tolerance = set.named("flow_match").tolerance();
    GenerationRequest request = ModelFolder.request(fixture);
    FlowMatchScheduler scheduler = new FlowMatchScheduler(request.steps(), request.shift());
    try (Checkpoint io = fixture.io()) {
      Golden.within(
          "sigmas",
          FlowMatchChecks.sigmas(scheduler),
          io.tensor("sigmas"),
          tolerance.of("sigmas_abs"));
      Golden.within(
          "timesteps",
          FlowMatchChecks.timesteps(scheduler),
          io.tensor("timesteps"),
          tolerance.of("timesteps_abs"));
    }
  }

  private static void checkRun(FixtureSet set, Fixture fixture, Backend backend)
      throws IOException {
    Path folder = Files.createTempDirectory("t3-golden");
    try {
      RecordedRun run =
          RecordedRun.of(
              ModelFolder.build(set, folder).files(), ModelFolder.request(fixture), backend);
      compare(run, fixture);
    } finally {
      delete(folder);
    }
  }

  private static void compare(RecordedRun run, Fixture fixture) throws IOException {
    Tolerance tolerance = fixture.tolerance();
    tolerance.requireExact("noise");
    try (Checkpoint io = fixture.io()) {
      for (String name : run.names()) {
        Tensor expected = io.tensor(name);
        if (name.equals("noise")) {
          Golden.sameBits(name, run.value(name), expected);
        } else {
          Golden.within(name, run.value(name), expected, tolerance.of(quantity(name)));
        }
      }
      Golden.within("video", run.video(), io.tensor("video"), tolerance.of("video_abs"));
      Golden.withinLevels(
          "frames_uint8", run.frames(), io.tensor("frames_uint8"), tolerance.levels("uint8"));
      Set<String> compared = new TreeSet<>(run.names());
      compared.addAll(COMPARED_BY_OTHERS);
      if (!compared.containsAll(io.entries().keySet())) {
        throw new AssertionError(
            "only %s of %s are compared".formatted(compared, io.entries().keySet()));
      }
    }
  }

  private static String quantity(String name) {
    if (name.endsWith(".context")) {
      return "context_abs";
    }
    return name.contains(".pred_") ? "pred_abs" : "final_latents_abs";
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
