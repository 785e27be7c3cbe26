package org.t3jvm.model.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.event.Stage;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.model.golden.RecordedRun;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;

/**
 * What the pipeline does beside the numbers: guidance off, progress, values that are not finite.
 */
class TextToVideoTest {
  private static final FixtureSet SET = FixtureSet.bundled();

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @TempDir Path dir;

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  private ModelFolder folder() throws IOException {
    return ModelFolder.build(SET, Files.createDirectory(dir.resolve("model")));
  }

  private static GenerationRequest request(float guidance, long seed) {
    return new GenerationRequest(
        "a fox", "blurred", 32, 32, 5, 2, guidance, 5, seed, SelfAttentionPlan.full());
  }

  private static RecordedRun run(ModelFolder folder, float guidance, long seed) throws IOException {
    return RecordedRun.of(folder.files(), request(guidance, seed), backend);
  }

  @Test
  void guidanceOfOneNeverAsksForTheNegativeSide() throws IOException {
    ModelFolder folder = folder();
    RecordedRun guided = run(folder, 3, 0);
    RecordedRun plain = run(folder, 1, 0);
    assertThat(plain.names()).noneMatch(name -> name.contains("negative"));
    assertThat(guided.names()).contains("negative.context", "step1.pred_negative");
    // Both start from the same latents and text, so the prompt's side is the same.
    Golden.within(
        "step0.pred_positive",
        plain.value("step0.pred_positive"),
        guided.value("step0.pred_positive"),
        1e-5);
    assertThat(plain.value("step1.latents_in").toFloats())
        .isNotEqualTo(guided.value("step1.latents_in").toFloats());
  }

  @Test
  void guidanceOfOneRunsHalfOfTheBlocksAndLayers() throws IOException {
    ModelFolder folder = folder();
    Map<Stage, Integer> guided = units(folder, 3);
    Map<Stage, Integer> plain = units(folder, 1);
    assertThat(guided).containsEntry(Stage.TEXT, 2 * 3).containsEntry(Stage.DENOISE, 2 * 2 * 5);
    assertThat(plain).containsEntry(Stage.TEXT, 3).containsEntry(Stage.DENOISE, 2 * 5);
  }

  /** The layers and blocks that a run went through, by stage. */
  private static Map<Stage, Integer> units(ModelFolder folder, float guidance) throws IOException {
    Map<Stage, Integer> units = new EnumMap<>(Stage.class);
    Consumer<RunEvent> counter =
        event -> {
          if (event instanceof RunEvent.BlockDone done) {
            units.merge(done.stage(), 1, Integer::sum);
          }
        };
    try (VideoModel model = VideoModel.open(folder.files())) {
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request(guidance, 0), new FrameCheck(), RunProgress.to(counter));
    }
    return units;
  }

  @Test
  void theSeedAloneDecidesTheNoise() throws IOException {
    ModelFolder folder = folder();
    float[] first = run(folder, 3, 1).video().toFloats();
    assertThat(run(folder, 3, 1).video().toFloats()).isEqualTo(first);
    assertThat(run(folder, 3, 2).video().toFloats()).isNotEqualTo(first);
  }

  @Test
  void progressCountsEveryBlockAndLayer() throws IOException {
    List<String> heard = new ArrayList<>();
    Map<Stage, Integer> units = new LinkedHashMap<>();
    Consumer<RunEvent> events =
        event -> {
          switch (event) {
            case RunEvent.StageStarted begun ->
                heard.add(
                    "begin %s %d x %d".formatted(begun.stage(), begun.steps(), begun.blocks()));
            case RunEvent.Memory memory -> {
              assertThat(memory.plan().total()).isPositive();
              heard.add("memory " + memory.stage());
            }
            case RunEvent.BlockDone done -> units.put(done.stage(), (int) done.done());
            case RunEvent.StageEnded ended -> heard.add("end " + ended.stage());
            default -> {}
          }
        };
    try (VideoModel model = VideoModel.open(folder().files())) {
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request(3, 0), new FrameCheck(), RunProgress.to(events));
    }
    assertThat(heard)
        .containsExactly(
            "begin text 2 x 3",
            "end text",
            "memory denoise",
            "begin denoise 2 x 10",
            "end denoise",
            "memory decode",
            "begin decode 2 x 19",
            "end decode");
    assertThat(units).isEqualTo(Map.of(Stage.TEXT, 6, Stage.DENOISE, 20, Stage.DECODE, 38));
  }

  /** A run that is asked to stop does so at the end of the block that it computes. */
  @Test
  void aCancelledRunStopsAtTheEndOfItsBlock() throws IOException {
    CancelToken cancel = new CancelToken();
    List<RunEvent> heard = new ArrayList<>();
    Consumer<RunEvent> events =
        event -> {
          heard.add(event);
          if (event instanceof RunEvent.BlockDone(Stage stage, long done)
              && stage == Stage.DENOISE
              && done == 13) {
            cancel.cancel();
          }
        };
    try (VideoModel model = VideoModel.open(folder().files())) {
      TextToVideo pipeline = new TextToVideo(model, backend, MemoryBudget.UNLIMITED);
      assertThatThrownBy(
              () ->
                  pipeline.generate(
                      request(3, 0), new FrameCheck(), new RunProgress(events, cancel)))
          .isInstanceOf(RunCancelledException.class);
    }
    assertThat(heard.getLast()).isEqualTo(new RunEvent.BlockDone(Stage.DENOISE, 13));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ModelFolder.TEXT_ENCODER + " | blocks.1.ffn.fc1.weight | text",
        ModelFolder.DIT + " | blocks.2.ffn.0.bias | denoise step 1 of 2",
        ModelFolder.VAE + " | decoder.head.2.bias | decode of latent frame 1 of 2"
      })
  void aDamagedWeightIsNamedWithStageAndStep(String file, String weight, String where)
      throws IOException {
    ModelFolder folder = folder();
    damage(folder.path().resolve(file), weight);
    assertThatThrownBy(() -> run(folder, 3, 0))
        .isInstanceOf(RunFailedException.class)
        .hasMessage(
            where
                + " gave values that are not finite (NaN or infinity); weight '"
                + weight
                + "' has such values, so the file is damaged");
  }

  /** Puts a NaN into the last element of a tensor of a file. */
  private void damage(Path file, String weight) throws IOException {
    Path damaged = dir.resolve("damaged");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (String name : checkpoint.entries().keySet()) {
        Tensor tensor = checkpoint.tensor(name);
        if (name.equals(weight)) {
          Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
          copy.copyFrom(tensor);
          copy.setDouble(copy.shape().elements() - 1, Double.NaN);
          tensor = copy;
        }
        tensors.put(name, tensor);
      }
      List<TensorInfo> layout =
          tensors.entrySet().stream()
              .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
              .toList();
      if (file.toString().endsWith(".pth")) {
        PthWriter.write(damaged, layout, Parameters.of(tensors)::tensor);
      } else {
        SafetensorsWriter.write(damaged, layout, Parameters.of(tensors)::tensor, Map.of());
      }
    }
    Files.move(damaged, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes frames of 32x32. */
  private static final class FrameCheck implements FrameSink {
    @Override
    public void write(byte[] rgb) {
      assertThat(rgb).hasSize(32 * 32 * 3);
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
