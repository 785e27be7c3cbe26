package org.t3jvm.model.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.provenance.ModelIdentity;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.PngSequenceWriter;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** Small runs on the embedded model whose state is kept, each by "another process". */
final class KeptRun implements AutoCloseable {
  static final String VERSION = "test";
  static final String OUT = "out";
  static final int STEPS = 4;
  static final int HEIGHT = 32;
  static final int WIDTH = 48;

  private static final int FRAMES = 9;
  private static final long SEED = 7;

  private final EmbeddedModel embedded = EmbeddedModel.open();
  private final VideoModel model =
      VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
  private final Backend backend = Backends.named("cpu").open(BackendOptions.defaults());

  KeptRun() throws IOException {}

  static GenerationRequest request() {
    return new GenerationRequest(
            "a ball", "grey", HEIGHT, WIDTH, FRAMES, STEPS, 3, 5, SEED, SelfAttentionPlan.full())
        .withSampler(Sampler.UNIPC);
  }

  static RunSettings settings() {
    VideoJob job =
        VideoJob.of("a ball")
            .negative("grey")
            .size(HEIGHT, WIDTH)
            .frames(FRAMES)
            .steps(STEPS)
            .seed(SEED)
            .build();
    VideoRecord record =
        new VideoRecord(
            VERSION, new ModelIdentity("embedded", "0123456789abcdef"), ModelSource.EMBEDDED, job);
    return new RunSettings(record, true, false);
  }

  /** Saves the decoder's state after every latent frame. */
  static SavePace always() {
    long[] hours = new long[1];
    return new SavePace(1e6, () -> ++hours[0] * 3_600_000_000_000L);
  }

  /** Never saves the decoder's state. */
  static SavePace never() {
    return new SavePace(0, System::nanoTime);
  }

  static Path folder(Path dir) {
    return SavedRun.folderOf(dir.resolve(OUT));
  }

  /** Begins the run, or continues with it, to its end. */
  void toTheEnd(Path dir, SavePace pace, Consumer<RunEvent> events) throws IOException {
    Path folder = folder(dir);
    Optional<SavedRun> known = SavedRun.find(folder, VERSION);
    boolean begun = known.isPresent() && known.get().worthKeeping();
    StateFolder state =
        begun
            ? StateFolder.open(folder, VERSION, pace)
            : StateFolder.begin(folder, settings(), pace);
    try (state) {
      VideoWriters.deleteLeftovers(dir, Set.of(OUT));
      try (FrameSink sink = new PngSequenceWriter(dir.resolve(OUT), WIDTH, HEIGHT, Map.of())) {
        new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
            .generate(request(), sink, state, RunProgress.to(events));
        sink.finish();
      }
      state.discard();
    }
  }

  /** The finished video's files; fails if anything else is beside it. */
  static Map<String, byte[]> video(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      assertThat(entries.map(entry -> entry.getFileName().toString())).containsExactly(OUT);
    }
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(dir.resolve(OUT))) {
      for (Path entry : entries.toList()) {
        files.put(entry.getFileName().toString(), Files.readAllBytes(entry));
      }
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(FRAMES);
    return files;
  }

  static void assertSame(Map<String, byte[]> video, Map<String, byte[]> unbroken, String when) {
    assertThat(video.keySet()).as(when).isEqualTo(unbroken.keySet());
    video.forEach(
        (name, bytes) -> assertThat(bytes).as("%s, %s", name, when).isEqualTo(unbroken.get(name)));
  }

  @Override
  public void close() {
    backend.close();
    model.close();
    embedded.close();
  }
}
