package org.t3jvm;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.job.Attention;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.files.TrainedWindows;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.state.FaultyDisk;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.model.world.files.ClipFolder;
import org.t3jvm.model.world.files.ClipSet;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.train.Network;
import org.t3jvm.train.NoiseSampling;
import org.t3jvm.train.OptimizerSettings;
import org.t3jvm.train.RateSchedule;
import org.t3jvm.train.ReconstructionLoss;
import org.t3jvm.train.TrainedModel;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingJob;
import org.t3jvm.train.TrainingJobBuilder;
import org.t3jvm.train.TrainingObjective;
import org.t3jvm.train.TrainingPace;
import org.t3jvm.train.TrainingStage;
import org.t3jvm.train.TrainingStep;

/** Trainings of tiny models on a few clips, whole and in parts. */
@Tag("slow")
class TrainingTest {
  private static final RunOptions TWO = new RunOptions(2, 0, 0, null, 0, null, null, null);
  private static final RunOptions ONE = new RunOptions(1, 0, 0, null, 0, null, null, null);
  private static final Network.VaeSizes VAE = new Network.VaeSizes(2, 2);
  private static final RateSchedule RATE =
      new RateSchedule(2e-3, 1e-3, 2L, RateSchedule.Shape.LINEAR);

  @TempDir static Path folder;

  @TempDir Path temp;

  @BeforeAll
  static void makeClips() throws IOException {
    WorldSettings settings = WorldSettings.trained(5, 32, 48, 9);
    new ClipFolder(folder.resolve("clips"), new ClipSet(settings, 5, ClipSet.Format.PNG, 8))
        .write(done -> {});
  }

  private static TrainingJobBuilder job(TrainedModel model, Path out) {
    return TrainingJob.of(model)
        .data(folder.resolve("clips"))
        .out(out)
        .optimizer(new OptimizerSettings(0.9, 0.99, 1e-8, 0.0, 1.0, 0.5))
        .pace(new TrainingPace(3L, 2, 0));
  }

  /** Images, then pieces of five frames. */
  private static TrainingJobBuilder vae(Path out) {
    return job(TrainedModel.VAE, out)
        .network(new Network(VAE, null, null, false, null, null))
        .stage(new TrainingStage(3, 3, 1, 16, 16, RATE, false))
        .stage(new TrainingStage(3, 2, 5, 16, 16, RATE, true));
  }

  private static List<TrainingStep> run(TrainingJob job, RunOptions options) throws IOException {
    List<TrainingStep> steps = new ArrayList<>();
    Training.run(job, false, options, collect(steps), new CancelToken());
    return steps;
  }

  private static Consumer<TrainingEvent> collect(List<TrainingStep> steps) {
    return event -> {
      if (event instanceof TrainingEvent.StepDone done) {
        steps.add(done.step());
      }
    };
  }

  private static Map<String, byte[]> model(Path out) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(out)) {
      for (Path file : listed.filter(Files::isRegularFile).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static void sameModel(Path actual, Path expected) throws IOException {
    Map<String, byte[]> files = model(expected);
    assertThat(model(actual).keySet()).isEqualTo(files.keySet());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(model(actual).get(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  @Test
  void aResumedTrainingEqualsAnUnbrokenOneOnAnyThreads() throws IOException {
    Path whole = temp.resolve("whole");
    assertThat(run(vae(whole).build(), TWO)).hasSize(6);
    for (int stop : new int[] {1, 3, 4}) {
      Path broken = temp.resolve("broken" + stop);
      CancelToken cancel = new CancelToken();
      List<TrainingStep> steps = new ArrayList<>();
      Consumer<TrainingEvent> stopping =
          event -> {
            if (event instanceof TrainingEvent.StepDone done && done.step().step() + 1 == stop) {
              cancel.cancel();
            }
          };
      TrainingJob job = vae(broken).build();
      assertThatThrownBy(
              () -> Training.run(job, false, ONE, collect(steps).andThen(stopping), cancel))
          .isInstanceOf(KeptRunException.class)
          .hasMessageContaining("step %d of 6", stop);
      assertThatThrownBy(() -> run(job, ONE)).isInstanceOf(UnfinishedRunException.class);
      Training.resume(broken, TWO, collect(steps), new CancelToken());
      assertThat(steps).extracting(TrainingStep::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
      assertThat(Files.readAllLines(broken.resolve("training/log.jsonl"))).hasSize(6);
      sameModel(broken, whole);
    }
  }

  @Test
  void aFullDiskAndAVanishedDataFolderLoseNothing() throws IOException {
    Path whole = temp.resolve("whole");
    FaultyDisk sound = new FaultyDisk(FaultyDisk.Fault.FULL, 0);
    run(vae(sound.path(whole)).cache(temp.resolve("encoded")).build(), ONE);
    for (int part = 1; part <= 3; part++) {
      long at = sound.changes() * part / 4;
      Path out = temp.resolve("full" + part);
      FaultyDisk disk = new FaultyDisk(FaultyDisk.Fault.FULL, at);
      TrainingJob job = vae(disk.path(out)).cache(temp.resolve("encoded")).build();
      assertThatThrownBy(() -> run(job, ONE))
          .as("full at change %d of %d", at, sound.changes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
      Path clips = folder.resolve("clips");
      Path away = folder.resolve("away");
      Files.move(clips, away);
      try {
        assertThatThrownBy(() -> Training.resume(out, ONE, event -> {}, new CancelToken()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(clips.toString());
      } finally {
        Files.move(away, clips);
      }
      Training.resume(out, TWO, event -> {}, new CancelToken());
      sameModel(out, whole);
    }
  }

  @Test
  void aTransformerAndItsTextEncoderTrainOnALearnedAutoencoder() throws IOException {
    Path vae = temp.resolve("vae");
    run(vae(vae).build(), TWO);
    try (ModelPart<VaeConfig> part = ModelPart.vae(ModelSource.of(vae), 1)) {
      assertThat(part.config().decoderWidth()).isEqualTo(2);
    }
    Path out = temp.resolve("dit");
    TrainingJobBuilder dit =
        job(TrainedModel.DIT, out)
            .parts(vae)
            .network(
                new Network(
                    null,
                    new Network.DitSizes(96, 2, 48, 2, 32),
                    new Network.TextSizes(16, 24, 2, 1),
                    true,
                    null,
                    null))
            .objective(
                new TrainingObjective(
                    ReconstructionLoss.USUAL,
                    new NoiseSampling(NoiseSampling.Draw.STRATIFIED, 4f, false, 0.3)))
            .stage(new TrainingStage(4, 4, 9, null, null, RATE, false));
    List<TrainingStep> steps = run(dit.build(), TWO);
    assertThat(steps).hasSize(4).allMatch(step -> step.loss() < 4 && !step.skipped());
    try (VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(out)))) {
      assertThat(model.ditConfig().dim()).isEqualTo(96);
      assertThat(model.textConfig().layers()).isEqualTo(1);
    }
    Files.writeString(
        out.resolve(ModelDefaults.FILE),
        "{\"height\":32,\"width\":48,\"frames\":9,\"steps\":7,\"fps\":9,\"cfg\":2,\"shift\":3}");
    Path further = temp.resolve("further");
    T3Windows windows = T3Windows.parse("2,1,1;1,2,2");
    TrainingJob from =
        job(TrainedModel.DIT, further)
            .start(out)
            .network(new Network(null, null, null, false, Attention.t3(windows.kinds()), null))
            .stage(new TrainingStage(1, 2, 9, 32, 48, RATE, false))
            .stage(new TrainingStage(1, 2, 5, 32, 32, RATE, false))
            .build();
    assertThat(run(from, TWO)).hasSize(2);
    assertThat(ModelDefaults.of(further, ModelDefaults.T3_VIDEO))
        .isEqualTo(new ModelDefaults(32, 32, 5, 7, 9, windows.toString(), 2f, 3f, ""));
    assertThat(TrainedWindows.of(further.resolve("diffusion_pytorch_model.safetensors")))
        .contains(new T3WindowRule(new TokenGrid(2, 2, 2), windows));
    assertThat(TrainedWindows.of(out.resolve("diffusion_pytorch_model.safetensors"))).isEmpty();
    try (VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(further)))) {
      assertThat(model.textConfig().layers()).isEqualTo(1);
    }
  }

  @Test
  void aStageThatNoClipIsLongEnoughForIsRefusedAtTheStart() {
    TrainingJob job =
        vae(temp.resolve("out")).stage(new TrainingStage(1, 1, 13, 16, 16, RATE, false)).build();
    assertThatThrownBy(() -> run(job, ONE))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "stages.2 has no clip: it needs 13 frames of 16x16, the largest of 5 clips is"
                + " [9, 32, 48, 3]");
  }

  @Test
  void jobsAreJson() throws IOException {
    TrainingJob job = vae(temp.resolve("out")).build();
    assertThat(TrainingJob.fromJson(job.toJson())).isEqualTo(job);
    assertThatThrownBy(
            () -> TrainingJob.fromJson(job.toJson().replace("\"batch\":3", "\"batch\":0")))
        .isInstanceOf(IOException.class)
        .hasMessage("stages.batch is 0, must be at least 1");
  }
}
