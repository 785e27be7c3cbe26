package org.t3jvm.model.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.warm.WarmPrograms;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;

/** The negative prompt's context is computed once, and what cannot be trusted is made anew. */
class ContextCacheTest {
  private static final int LAYERS = 3;

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @TempDir Path dir;
  private Path cache = Path.of("");
  private ModelFolder model = new ModelFolder(Path.of(""));
  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  @BeforeEach
  void buildFolder() throws IOException {
    model = ModelFolder.build(FixtureSet.bundled(), Files.createDirectory(dir.resolve("model")));
    cache = dir.resolve("cache/text");
  }

  /** What a run wrote, and how many layers of the text encoder it ran through. */
  private record Run(List<String> frames, int textLayers) {}

  /** The cpu backend under the identity of another, such as one of another precision. */
  private record Identified(Backend backend, String identity) implements Backend {
    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      return backend.compile(graph, parameters);
    }

    @Override
    public void close() {}
  }

  private Run run(ContextCache contexts, String negative) throws IOException {
    return run(contexts, negative, backend);
  }

  private Run run(ContextCache contexts, String negative, Backend backend) throws IOException {
    GenerationRequest request =
        new GenerationRequest("a fox", negative, 16, 16, 1, 1, 3, 5, 0, SelfAttentionPlan.full());
    List<String> frames = new ArrayList<>();
    int[] layers = new int[1];
    Consumer<RunEvent> events =
        event -> {
          if (event instanceof RunEvent.BlockDone done && done.stage() == Stage.TEXT) {
            layers[0]++;
          }
        };
    try (VideoModel opened = VideoModel.open(model.files())) {
      new TextToVideo(opened, backend, MemoryBudget.UNLIMITED, contexts)
          .generate(request, new Frames(frames), RunProgress.to(events));
    }
    return new Run(frames, layers[0]);
  }

  private ContextCache on() {
    return ContextCache.in(cache, notes::add);
  }

  private Set<Path> kept() throws IOException {
    if (!Files.exists(cache)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return new HashSet<>(files.toList());
    }
  }

  private Path only() throws IOException {
    assertThat(kept()).hasSize(1);
    return kept().iterator().next();
  }

  @Test
  void theSecondRunSkipsTheNegativePromptAndMakesTheSameBits() throws IOException {
    Run without = run(ContextCache.off(), "blurred, still");
    Run first = run(on(), "blurred, still");
    Run second = run(on(), "blurred, still");
    assertThat(without.textLayers()).isEqualTo(2 * LAYERS);
    assertThat(first.textLayers()).isEqualTo(2 * LAYERS);
    assertThat(second.textLayers()).as("only the prompt is encoded").isEqualTo(LAYERS);
    assertThat(first.frames()).isEqualTo(without.frames());
    assertThat(second.frames()).isEqualTo(without.frames());
    assertThat(kept()).hasSize(1);
    assertThat(notes).isEmpty();
  }

  @Test
  void anotherPromptOrEncoderHasAFileOfItsOwn() throws IOException {
    run(on(), "blurred");
    assertThat(run(on(), "still").textLayers()).isEqualTo(2 * LAYERS);
    assertThat(kept()).hasSize(2);
    Path encoder = model.path().resolve(ModelFolder.TEXT_ENCODER);
    FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(encoder).toMillis() + 5000);
    Files.setLastModifiedTime(encoder, later);
    assertThat(run(on(), "still").textLayers()).isEqualTo(2 * LAYERS);
    assertThat(kept()).hasSize(3);
    Files.delete(encoder);
    Files.copy(FixtureSet.bundled().named("t5").weights(true), encoder);
    Files.setLastModifiedTime(encoder, later);
    assertThat(run(on(), "still").textLayers()).isEqualTo(2 * LAYERS);
    assertThat(kept()).hasSize(4);
  }

  @Test
  void anotherPrecisionKernelsOrDeviceHaveFilesOfTheirOwn() throws IOException {
    for (String identity : List.of("opencl, precision F32", "opencl, precision BF16")) {
      Backend other = new Identified(backend, identity);
      assertThat(run(on(), "blurred", other).textLayers()).as(identity).isEqualTo(2 * LAYERS);
      assertThat(run(on(), "blurred", other).textLayers()).as(identity).isEqualTo(LAYERS);
      assertThat(run(on(), "blurred", new WarmPrograms(other)).textLayers()).isEqualTo(LAYERS);
    }
    assertThat(kept()).hasSize(2);
  }

  @Test
  void aDamagedFileIsMadeAnew() throws IOException {
    Run expected = run(on(), "blurred");
    byte[] good = Files.readAllBytes(only());
    for (int at : new int[] {0, 12, good.length / 2, good.length - 1}) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(only(), bad);
      notes.clear();
      Run run = run(on(), "blurred");
      assertThat(run.textLayers()).as("byte %d", at).isEqualTo(2 * LAYERS);
      assertThat(run.frames()).as("byte %d", at).isEqualTo(expected.frames());
      assertThat(notes).hasSize(1).first().asString().contains("not used and made anew");
      assertThat(Files.readAllBytes(only())).as("rewritten").isEqualTo(good);
    }
    Files.write(only(), new byte[0]);
    assertThat(run(on(), "blurred").frames()).isEqualTo(expected.frames());
    assertThat(Files.readAllBytes(only())).isEqualTo(good);
  }

  @Test
  void aPipeInItsPlaceIsNotWaitedFor() throws Exception {
    Run expected = run(on(), "blurred");
    Path file = only();
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    assertThat(run(on(), "blurred").frames()).isEqualTo(expected.frames());
    assertThat(notes).first().asString().contains(file.toString(), "it is no regular file");
  }

  @Test
  void aForeignFileUnderTheRightNameIsNotUsed() throws IOException {
    Run expected = run(on(), "blurred");
    Path ours = only();
    byte[] good = Files.readAllBytes(ours);
    Tensor other = Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4);
    SafetensorsWriter.write(
        ours, List.of(TensorInfo.of("context", other)), name -> other, Map.of("format", "pt"));
    assertThat(run(on(), "blurred").frames()).isEqualTo(expected.frames());
    assertThat(notes).hasSize(1).first().asString().contains("another prompt, model or machine");
    assertThat(Files.readAllBytes(ours)).isEqualTo(good);
    run(on(), "still");
    for (Path file : kept()) {
      if (!file.equals(ours)) {
        Files.copy(file, ours, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    assertThat(run(on(), "blurred").frames()).isEqualTo(expected.frames());
    assertThat(Files.readAllBytes(ours)).isEqualTo(good);
  }

  @Test
  void aFolderThatCannotBeWrittenCostsANote() throws IOException {
    Files.writeString(dir.resolve("cache"), "a file");
    Run run = run(on(), "blurred");
    assertThat(run.frames()).isEqualTo(run(ContextCache.off(), "blurred").frames());
    assertThat(notes).hasSize(1).first().asString().startsWith("text cannot be kept in '" + cache);
  }

  /** Keeps frames in memory, in words that can be compared. */
  private record Frames(List<String> list) implements FrameSink {
    @Override
    public void write(byte[] rgb) {
      list.add(HexFormat.of().formatHex(rgb));
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
