package org.t3jvm.model.hires;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.job.Hires;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Output;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.model.state.SavedRun;

/** Videos of two passes on the embedded model: what they are made from, and resuming them. */
@Tag("slow")
class TwoPassVideoTest {
  private static final int STEPS = 3;
  private static final String WHOLE = "whole";
  private static final Hires FREESWIM = Hires.of(Hires.Kind.FREESWIM);

  @SuppressWarnings("NullAway.Init")
  private static T3 t3;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path dir;

  @BeforeAll
  static void openAndMakeAnUnbrokenVideo() throws IOException {
    t3 = T3.embedded();
    generate(job(FREESWIM).build(), WHOLE, event -> {}, new CancelToken());
  }

  @AfterAll
  static void close() throws IOException {
    t3.close();
  }

  private static VideoJobBuilder job(Hires hires) {
    return VideoJob.of("a ball")
        .size(64, 96)
        .frames(5)
        .steps(STEPS)
        .seed(5)
        .hires(hires.base(32, 48));
  }

  /** A place in a run, by the stage that begins or the step of denoising that does. */
  record Place(Stage stage, int nth, int step) implements Predicate<RunEvent> {
    @Override
    public boolean test(RunEvent event) {
      return event instanceof RunEvent.StepStarted(Stage at, int number)
          && at == stage
          && number == step;
    }
  }

  /** Where runs are broken off: both denoisings, the base's decoding, encoding, decoding. */
  static List<Place> places() {
    return List.of(
        new Place(Stage.DENOISE, 0, 2),
        new Place(Stage.DECODE, 0, 1),
        new Place(Stage.ENCODE, 0, 1),
        new Place(Stage.DENOISE, 1, 1),
        new Place(Stage.DECODE, 1, 1));
  }

  private static Map<String, byte[]> frames(String name) throws IOException {
    Map<String, byte[]> frames = new TreeMap<>();
    try (Stream<Path> files = Files.list(dir.resolve(name))) {
      for (Path file : files.toList()) {
        frames.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    assertThat(frames).hasSizeGreaterThanOrEqualTo(5);
    return frames;
  }

  private static void generate(
      VideoJob job, String name, Consumer<RunEvent> events, CancelToken cancel) throws IOException {
    t3.generate(job, Output.of(dir.resolve(name) + "/"), events, cancel);
  }

  @ParameterizedTest
  @MethodSource("places")
  void aRunThatIsBrokenOffAnywhereGivesTheSameVideo(Place place) throws IOException {
    VideoJob job = job(FREESWIM).build();
    String broken = "broken-%s-%d".formatted(place.stage(), place.nth());
    CancelToken cancel = new CancelToken();
    int[] seen = new int[1];
    assertThatThrownBy(
            () ->
                generate(
                    job,
                    broken,
                    event -> {
                      if (place.test(event) && seen[0]++ == place.nth()) {
                        cancel.cancel();
                      }
                    },
                    cancel))
        .isInstanceOf(KeptRunException.class);
    t3.resume(SavedRun.folderOf(dir.resolve(broken)), event -> {}, new CancelToken());
    Map<String, byte[]> whole = frames(WHOLE);
    frames(broken).forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(whole.get(name)));
  }

  @ParameterizedTest
  @EnumSource(value = Sampler.class, mode = EnumSource.Mode.EXCLUDE, names = "DMD")
  void eachSolverEnlargesTheBaseVideo(Sampler sampler) throws IOException {
    Hires vibe = Hires.of(Hires.Kind.VIBE);
    Hires hires = new Hires(vibe.kind(), 32, 48, 0.7, 5f, sampler, null, vibe.pooling());
    List<Integer> previews = new ArrayList<>();
    generate(
        job(hires).sampler(sampler).build(),
        sampler.name(),
        event -> {
          if (event instanceof RunEvent.Preview preview) {
            previews.add(preview.step());
          }
        },
        new CancelToken());
    assertThat(previews).containsExactly(0, 1, 2, 3, 4);
    assertThat(frames(sampler.name())).isNotEmpty();
  }

  @Test
  void aCompleteJobMakesTheSameJob() throws IOException {
    VideoJob complete = t3.complete(job(Hires.of(Hires.Kind.VIBE)).build());
    assertThat(t3.complete(complete)).isEqualTo(complete);
    assertThat(VideoJob.fromJson(complete.toJson())).isEqualTo(complete);
    assertThat(complete.allSteps()).isEqualTo(STEPS + 2);
  }

  @Test
  void whatCannotBeIsOneLine() {
    assertRefused(job(FREESWIM).size(16, 96), "is no enlargement of");
    assertRefused(job(FREESWIM).size(32, 48), "is no enlargement of");
    assertRefused(
        job(FREESWIM).size(72, 96),
        "size.height is 72, must be a multiple of 16, such as 64 or 80");
    assertRefused(
        job(Hires.of(Hires.Kind.VIBE)).hires(Hires.of(Hires.Kind.VIBE).base(40, 48)),
        "hires.baseHeight is 40, must be a multiple of 16, such as 32 or 48");
    Hires pooling = new Hires(Hires.Kind.VIBE, 32, 48, 0.7, 5f, Sampler.UNIPC, null, 3);
    assertRefused(
        job(pooling), "hires.pooling: squares of 3 tokens do not divide the token grid 2x4x6");
    Hires weak = new Hires(Hires.Kind.FREESWIM, 32, 48, 0.1, 9f, Sampler.UNIPC, 2, null);
    assertRefused(job(weak), "hires.strength is 0.1, must be so large that one of 3 steps is done");
    assertRefused(
        job(new Hires(Hires.Kind.VIBE, 32, 48, 0.7, 5f, Sampler.DMD, null, 2)),
        "hires.sampler dmd: sampler 'dmd' does whole schedules only");
    for (double strength : new double[] {0, 1, Double.NaN}) {
      assertThatThrownBy(
              () -> new Hires(Hires.Kind.VIBE, 32, 48, strength, 5f, Sampler.UNIPC, null, 2))
          .isInstanceOf(JobException.class)
          .hasMessage("hires.strength is %s, must be above 0 and below 1".formatted(strength));
    }
    assertThatThrownBy(() -> job(Hires.of(Hires.Kind.VIBE)).video(Path.of("a.mp4"), 0.5f))
        .hasMessageContaining("start.video has no meaning with hires.kind vibe");
  }

  private static void assertRefused(VideoJobBuilder job, String message) {
    assertThatThrownBy(() -> t3.complete(job.build()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
