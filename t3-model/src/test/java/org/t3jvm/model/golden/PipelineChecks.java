package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** The whole pipeline (SPEC 1) from prompt to uint8 frames, with every intermediate value. */
final class PipelineChecks {
  private static final String IMAGE = "input_image_uint8";
  private static final String RESIZED = "resized_image_uint8";

  /** What names of the values of a run without the image start with. */
  private static final String FROM_TEXT = "t2v.";

  private static final Set<String> COMPARED_BY_OTHERS =
      Set.of(
          "prompt.ids",
          "prompt.mask",
          "negative.ids",
          "negative.mask",
          "sigmas",
          "timesteps",
          IMAGE,
          RESIZED);

  private PipelineChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    cases.add(new GoldenCase.OnHost("token ids", () -> checkIds(set, fixture)));
    cases.add(new GoldenCase.OnHost("sigmas and timesteps", () -> checkSchedule(set, fixture)));
    cases.add(new GoldenCase.OnBackend("run", backend -> checkRun(set, fixture, "", backend)));
    Set<String> names = fixture.ioNames();
    if (names.contains(IMAGE)) {
      cases.add(new GoldenCase.OnHost("resized image", () -> checkResized(fixture)));
    }
    if (names.stream().anyMatch(name -> name.startsWith(FROM_TEXT))) {
      cases.add(
          new GoldenCase.OnBackend(
              "run from text alone", backend -> checkRun(set, fixture, FROM_TEXT, backend)));
    }
    return cases;
  }

  private static void checkIds(FixtureSet set, Fixture fixture) throws IOException {
    GenerationRequest request = ModelFolder.request(fixture);
    Path file = set.named("tokenizer").path("/tokenizer.json");
    Tokenizer tokenizer = Tokenizer.load(file);
    try (Checkpoint io = fixture.io()) {
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

  private static void checkResized(Fixture fixture) throws IOException {
    GenerationRequest request = ModelFolder.request(fixture);
    try (Checkpoint io = fixture.io()) {
      Golden.sameBits(
          RESIZED,
          ImageChecks.tensor(
              BicubicResize.resize(
                  ImageChecks.image(io.tensor(IMAGE)), request.height(), request.width())),
          io.tensor(RESIZED));
    }
  }

  /** Makes the video of an entry, from its image unless it is asked for the one from text alone. */
  private static void checkRun(FixtureSet set, Fixture fixture, String prefix, Backend backend)
      throws IOException {
    Path folder = Files.createTempDirectory("t3-golden");
    try (Checkpoint io = fixture.io()) {
      boolean wan22 = io.tensor("noise").shape().dim(1) == set.named("dit5b").config("in_dim");
      ModelFolder model = wan22 ? ModelFolder.build5b(set, folder) : ModelFolder.build(set, folder);
      GenerationRequest request = ModelFolder.request(fixture);
      if (io.entries().containsKey(IMAGE) && !prefix.equals(FROM_TEXT)) {
        request = request.withImage(ImageChecks.image(io.tensor(IMAGE)));
      }
      compare(RecordedRun.of(model.files(), request, backend), set, fixture, prefix, io);
    } finally {
      delete(folder);
    }
  }

  private static void compare(
      RecordedRun run, FixtureSet set, Fixture fixture, String prefix, Checkpoint io)
      throws IOException {
    Set<String> compared = new TreeSet<>();
    for (String name : run.names()) {
      if (!prefix.isEmpty() && !io.entries().containsKey(prefix + name)) {
        continue;
      }
      Tensor expected = io.tensor(prefix + name);
      double tolerance = tolerance(set, fixture, name);
      if (tolerance == 0) {
        Golden.sameBits(prefix + name, run.value(name), expected);
      } else {
        Golden.within(prefix + name, run.value(name), expected, tolerance);
      }
      compared.add(prefix + name);
    }
    if (io.entries().containsKey(prefix + "video")) {
      Golden.within(
          prefix + "video",
          run.video(),
          io.tensor(prefix + "video"),
          fixture.tolerance("video_abs"));
      compared.add(prefix + "video");
    }
    Golden.withinLevels(
        prefix + "frames_uint8",
        run.frames(),
        io.tensor(prefix + "frames_uint8"),
        fixture.tolerance().levels("uint8"));
    compared.add(prefix + "frames_uint8");
    requireAllCompared(compared, prefix, io.entries().keySet());
  }

  private static void requireAllCompared(Set<String> compared, String prefix, Set<String> all) {
    List<String> left =
        all.stream()
            .filter(name -> name.startsWith(FROM_TEXT) == prefix.equals(FROM_TEXT))
            .filter(name -> !compared.contains(name) && !COMPARED_BY_OTHERS.contains(name))
            .toList();
    if (!left.isEmpty()) {
      throw new AssertionError("%s are compared with nothing".formatted(left));
    }
  }

  /** The entry's own word, or that of the stage's entry; 0 for bit-exact values. */
  private static double tolerance(FixtureSet set, Fixture fixture, String name) {
    Tolerance own = fixture.tolerance();
    String quantity = quantity(name);
    if (own.has(quantity)) {
      return own.of(quantity);
    }
    return switch (quantity) {
      case "noise" -> set.named("randn").tolerance(quantity);
      case "context_abs" -> set.named("t5").tolerance("out_abs");
      case "first_frame_abs" -> set.named("vae22").tolerance("latents_abs");
      default -> own.of("final_latents_abs");
    };
  }

  private static String quantity(String name) {
    if (name.endsWith(".context")) {
      return "context_abs";
    }
    return switch (name) {
      case "noise" -> "noise";
      case "first_frame_latents" -> "first_frame_abs";
      default -> name.contains(".pred_") ? "pred_abs" : "final_latents_abs";
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
