package org.t3jvm.model.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** A video has the same bits whatever the memory budget. */
@Tag("slow")
class BudgetVideoTest {
  private static final GenerationRequest REQUEST =
      new GenerationRequest(
          "a red ball rolls over green grass",
          "",
          96,
          128,
          9,
          1,
          5,
          5,
          0,
          T3Windows.parse("3,1,1;1,2,3;1,4,2;3,2,2;3,1,3"));

  /** Frames in memory, and the steps and blocks of decoding. */
  private static final class Run implements FrameSink, Consumer<RunEvent> {
    private final List<byte[]> frames = new ArrayList<>();
    private boolean decoding;
    private int steps;
    private int announced;
    private int blocks;

    @Override
    public void write(byte[] rgb) {
      frames.add(rgb.clone());
    }

    @Override
    public void accept(RunEvent event) {
      switch (event) {
        case RunEvent.StageStarted started -> {
          decoding = started.stage() == Stage.DECODE;
          announced = started.steps() * started.blocks();
        }
        case RunEvent.StepStarted step -> steps += decoding ? 1 : 0;
        case RunEvent.BlockDone done -> blocks += decoding ? 1 : 0;
        case RunEvent.StageEnded ended when decoding ->
            assertThat(blocks).as("blocks of %d steps", steps).isEqualTo(announced);
        default -> {}
      }
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  @Test
  void bandsGiveTheFramesOfWholePlanes() throws IOException {
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      JobFit unlimited = JobFit.of(model.types(), REQUEST, backend, MemoryBudget.UNLIMITED);
      assertThat(unlimited.decode().bands()).isEmpty();
      Run whole = run(model, backend, MemoryBudget.UNLIMITED);
      int most = 0;
      for (double share : new double[] {0.99, 0.7}) {
        long bytes = (long) (share * unlimited.decode().bytes());
        MemoryBudget budget = new MemoryBudget(bytes, true);
        JobFit fit = JobFit.of(model.types(), REQUEST, backend, budget);
        int bands = fit.decode().bands().orElseThrow().count();
        assertThat(bands).as("bands in %d bytes", bytes).isGreaterThan(most);
        most = bands;
        Run banded = run(model, backend, budget);
        assertThat(banded.frames).as("frames of %d bands", bands).hasSize(9);
        for (int t = 0; t < 9; t++) {
          assertThat(banded.frames.get(t)).as("frame %d", t).isEqualTo(whole.frames.get(t));
        }
        assertThat(banded.steps).isEqualTo(3 * (bands + 1));
      }
    }
  }

  /** Frames that an earlier process kept come from there, the others from the bands. */
  @Test
  void bandsFollowKeptFrames() throws IOException {
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      JobFit unlimited = JobFit.of(model.types(), REQUEST, backend, MemoryBudget.UNLIMITED);
      MemoryBudget budget = new MemoryBudget((long) (0.7 * unlimited.decode().bytes()), true);
      List<byte[]> whole = run(model, backend, budget).frames;
      byte[] kept = {1};
      int count = 3;
      List<byte[]> keptNow = new ArrayList<>();
      RunKeeper keeper =
          new RunKeeper() {
            @Override
            public int replay(FrameSink sink) throws IOException {
              for (int t = 0; t < count; t++) {
                sink.write(kept);
              }
              return count;
            }

            @Override
            public void keepFrames(
                List<byte[]> frames, int latentFrames, Supplier<Map<String, Tensor>> decoder) {
              keptNow.addAll(frames);
              assertThat(decoder.get()).isEmpty();
            }
          };
      Run run = new Run();
      new TextToVideo(model, backend, budget).generate(REQUEST, run, keeper, RunProgress.to(run));
      assertThat(run.frames).hasSize(9);
      assertThat(keptNow).hasSize(9 - count);
      for (int t = 0; t < 9; t++) {
        assertThat(run.frames.get(t)).as("frame %d", t).isEqualTo(t < count ? kept : whole.get(t));
      }
    }
  }

  private static Run run(VideoModel model, Backend backend, MemoryBudget budget)
      throws IOException {
    Run run = new Run();
    new TextToVideo(model, backend, budget).generate(REQUEST, run, RunProgress.to(run));
    return run;
  }
}
