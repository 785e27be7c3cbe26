package org.t3jvm.model.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** Videos made one after the other with programs that stay compiled. */
class WarmVideoTest {
  private static final int FRAMES = 9;
  private static final long SEED = 7;
  private static final List<String> PROMPTS =
      List.of(
          "a red ball rolls over green grass",
          "rain",
          "a sailing boat at sunset, seen from a cliff above the sea");

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedModel embedded;

  @SuppressWarnings("NullAway.Init")
  private static VideoModel model;

  /** Frames in memory. */
  private static final class Frames implements FrameSink {
    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public void write(byte[] rgb) {
      frames.add(rgb.clone());
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  @BeforeAll
  static void open() throws IOException {
    embedded = EmbeddedModel.open();
    model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
  }

  @AfterAll
  static void close() throws IOException {
    model.close();
    embedded.close();
  }

  private static GenerationRequest request(String prompt, int height, int width) {
    T3Windows windows = T3Windows.parse("3,1,1;1,2,3;1,4,2;3,2,2;3,1,3");
    return new GenerationRequest(prompt, "blurred", height, width, FRAMES, 1, 5, 5, SEED, windows);
  }

  private static Backend cpu() {
    return Backends.named("cpu").open(BackendOptions.defaults());
  }

  private static List<byte[]> frames(
      GenerationRequest request, Backend backend, MemoryBudget budget) throws IOException {
    Frames frames = new Frames();
    new TextToVideo(model, backend, budget).generate(request, frames, RunProgress.silent());
    assertThat(frames.frames).hasSize(FRAMES);
    return frames.frames;
  }

  private static List<byte[]> alone(GenerationRequest request, MemoryBudget budget)
      throws IOException {
    try (Backend backend = cpu()) {
      return frames(request, backend, budget);
    }
  }

  private static void assertFramesOfSeparateRuns(
      List<GenerationRequest> requests, WarmPrograms programs, MemoryBudget budget)
      throws IOException {
    for (GenerationRequest request : requests) {
      List<byte[]> alone = alone(request, budget);
      List<byte[]> warm = frames(request, programs, budget);
      for (int t = 0; t < alone.size(); t++) {
        assertThat(warm.get(t))
            .as("frame %d of '%s', seed %d", t, request.prompt(), SEED)
            .isEqualTo(alone.get(t));
      }
    }
  }

  private static List<GenerationRequest> requests() {
    return PROMPTS.stream().map(prompt -> request(prompt, 64, 96)).toList();
  }

  @Test
  void allPromptsRunTheProgramsOfTheFirst() throws IOException {
    try (WarmPrograms programs = new WarmPrograms(cpu())) {
      List<GenerationRequest> requests = requests();
      assertFramesOfSeparateRuns(requests.subList(0, 1), programs, MemoryBudget.UNLIMITED);
      WarmPrograms.Counts first = programs.counts();
      assertFramesOfSeparateRuns(requests.subList(1, 3), programs, MemoryBudget.UNLIMITED);
      WarmPrograms.Counts all = programs.counts();
      assertThat(first.compiled()).isPositive();
      assertThat(all.compiled()).as("compiled for all prompts").isEqualTo(first.compiled());
      assertThat(all.freed()).isZero();
    }
  }

  @Test
  void anotherSizeBetweenCompilesForItselfAlone() throws IOException {
    try (WarmPrograms programs = new WarmPrograms(cpu())) {
      List<GenerationRequest> requests = requests();
      assertFramesOfSeparateRuns(requests.subList(0, 1), programs, MemoryBudget.UNLIMITED);
      long first = programs.counts().compiled();
      assertFramesOfSeparateRuns(
          List.of(request(PROMPTS.get(1), 96, 64)), programs, MemoryBudget.UNLIMITED);
      long second = programs.counts().compiled();
      assertFramesOfSeparateRuns(requests.subList(1, 3), programs, MemoryBudget.UNLIMITED);
      assertThat(second).isGreaterThan(first).isLessThan(2 * first);
      assertThat(programs.counts().compiled()).isEqualTo(second);
    }
  }

  @Test
  void withoutRoomForIdleProgramsTheFramesAreTheSame() throws IOException {
    try (WarmPrograms programs = new WarmPrograms(cpu(), 0)) {
      assertFramesOfSeparateRuns(requests(), programs, MemoryBudget.UNLIMITED);
      WarmPrograms.Counts counts = programs.counts();
      assertThat(counts.reused()).isZero();
      assertThat(counts.freed()).isEqualTo(counts.compiled());
    }
  }

  @Tag("slow")
  @Test
  void bandsOfAPlaneStayCompiledToo() throws IOException {
    try (WarmPrograms programs = new WarmPrograms(cpu())) {
      GenerationRequest request = request(PROMPTS.getFirst(), 96, 128);
      JobFit whole = JobFit.of(model.types(), request, programs, MemoryBudget.UNLIMITED);
      MemoryBudget budget = new MemoryBudget((long) (0.7 * whole.decode().bytes()), true);
      JobFit fit = JobFit.of(model.types(), request, programs, budget);
      assertThat(fit.decode().bands().orElseThrow().count()).isGreaterThan(1);
      assertFramesOfSeparateRuns(List.of(request), programs, budget);
      long first = programs.counts().compiled();
      assertFramesOfSeparateRuns(List.of(request("rain", 96, 128)), programs, budget);
      assertThat(programs.counts().compiled()).isEqualTo(first);
    }
  }
}
