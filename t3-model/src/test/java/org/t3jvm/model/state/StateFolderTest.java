package org.t3jvm.model.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** What a state folder gives back, and what it refuses to. */
class StateFolderTest {
  private static final long SEED = 11;
  private static final int FRAME_BYTES = 6 * 4 * 3;

  private final TorchRandom values = new TorchRandom(SEED);
  private final Random random = new Random(SEED);

  @TempDir Path dir;
  private Path folder = Path.of("");

  @BeforeEach
  void name() {
    folder = KeptRun.folder(dir);
  }

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

  private Tensor tensor(long... dims) {
    return values.randn(Shape.of(dims));
  }

  private RunState state(int step) {
    return new RunState(
        new Prompts(tensor(3, 8), tensor(5, 8)),
        tensor(4, 1, 2, 3),
        step,
        tensor(4, 3, 2, 3),
        Map.of("velocity", tensor(4, 3, 2, 3), "sample", tensor(4, 3, 2, 3)));
  }

  private List<byte[]> frames(int count) {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] frame = new byte[FRAME_BYTES];
      random.nextBytes(frame);
      frames.add(frame);
    }
    return frames;
  }

  private StateFolder open() throws IOException {
    return StateFolder.open(folder, KeptRun.VERSION, KeptRun.always());
  }

  private StateFolder begin() throws IOException {
    return StateFolder.begin(folder, KeptRun.settings(), KeptRun.always());
  }

  private static void assertEqual(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, tensor) ->
            assertThat(actual)
                .as(name)
                .hasEntrySatisfying(
                    name,
                    same -> assertThat(same.segment().mismatch(tensor.segment())).isEqualTo(-1)));
  }

  @Test
  void givesBackWhatWasKept() throws IOException {
    RunState last = state(KeptRun.STEPS);
    Map<String, Tensor> decoder = Map.of("state.a", tensor(2, 3), "state.b", tensor(2, 2, 2));
    List<byte[]> frames = frames(5);
    try (StateFolder state = begin()) {
      assertThat(state.denoised()).isEmpty();
      state.keep(state(1));
      state.keep(last);
      state.keepFrames(frames.subList(0, 1), 1, Map::of);
      state.keepFrames(frames.subList(1, 5), 2, () -> decoder);
    }
    try (StateFolder state = open()) {
      assertThat(state.settings()).isEqualTo(KeptRun.settings());
      assertThat(state.progress()).isEqualTo("all 4 steps done, 5 frames decoded");
      RunState known = state.denoised().orElseThrow();
      assertThat(known.step()).isEqualTo(KeptRun.STEPS);
      assertEqual(StateTensors.of(known), StateTensors.of(last));
      Frames sink = new Frames();
      assertThat(state.replay(sink)).isEqualTo(5);
      assertThat(sink.frames).containsExactlyElementsOf(frames);
      assertThat(state.decoder().orElseThrow().latentFrames()).isEqualTo(2);
      assertEqual(state.decoder().orElseThrow().tensors(), decoder);
      state.discard();
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void aFlippedByteOrHalfAFileIsRefusedInOneLine() throws IOException {
    try (StateFolder state = begin()) {
      state.keep(state(KeptRun.STEPS));
      state.keepFrames(frames(3), 2, () -> Map.of("state.a", tensor(2, 3)));
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(file -> !file.endsWith(FolderLock.NAME)).sorted().toList();
    }
    assertThat(files).hasSize(4);
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      for (int trial = 0; trial < 12; trial++) {
        byte[] damaged = whole.clone();
        int at = trial == 0 ? 0 : trial == 1 ? whole.length - 1 : random.nextInt(whole.length);
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        refused(file, damaged, "byte %d of %s, seed %d".formatted(at, file, SEED));
      }
      int half = random.nextInt(whole.length);
      refused(file, Arrays.copyOf(whole, half), "%d bytes of %s".formatted(half, file));
      Files.delete(file);
      refused("without " + file);
      Files.write(file, whole);
    }
    try (StateFolder state = open()) {
      readAll(state);
    }
  }

  private void refused(Path file, byte[] content, String what) throws IOException {
    Files.write(file, content);
    refused(what);
  }

  private void refused(String what) {
    assertThatThrownBy(
            () -> {
              try (StateFolder state = open()) {
                readAll(state);
              }
            })
        .as(what)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageNotContaining("\n");
  }

  private static void readAll(StateFolder state) throws IOException {
    state.denoised();
    state.replay(new Frames());
    state.decoder();
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    begin().close();
    assertThatThrownBy(() -> StateFolder.open(folder, "9.9", KeptRun.always()))
        .hasMessageContaining("from another version, t3 test")
        .hasMessageContaining("this is t3 9.9");
  }

  @Test
  void aSealedJsonThatIsNoStateIsRefused() throws IOException {
    Files.createDirectory(folder);
    byte[] open = "{\"a\":1".getBytes(UTF_8);
    Files.writeString(
        folder.resolve(StateIndexFile.NAME),
        "{\"a\":1,\"sha256\":\"" + Digest.sha256(open) + "\"}\n");
    assertThatThrownBy(this::open).hasMessageContaining("another version");
  }

  @Test
  void oneProcessAtATime() throws IOException {
    StateFolder first = begin();
    assertThatThrownBy(this::begin).hasMessageContaining("in use by another run");
    first.keep(state(1));
    assertThatThrownBy(this::open).hasMessageContaining("in use by another run");
    first.close();
    open().close();
  }

  @Test
  void whatIsWorthKeepingIsNeverDestroyed() throws IOException {
    try (StateFolder state = begin()) {
      state.keep(state(0));
    }
    try (StateFolder state = begin()) {
      state.keep(state(2));
    }
    assertThatThrownBy(this::begin).hasMessageContaining("unfinished run");
    Path foreign = Files.writeString(folder.resolve("notes.txt"), "mine");
    SavedRun.discard(folder);
    assertThat(foreign).as("files of others stay").hasContent("mine");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(foreign);
    }
  }

  @Test
  void decodingCanBeRepeatedHereAndElsewhere() throws IOException {
    Path other = SavedRun.folderOf(dir.resolve("other.mp4"));
    RunState last = state(KeptRun.STEPS);
    try (StateFolder state = begin()) {
      state.keep(state(1));
      assertThatThrownBy(() -> state.forkDecode(other, KeptRun.settings()))
          .hasMessageContaining("nothing to decode yet, the run is at step 1 of 4");
      state.keep(last);
      state.keepFrames(frames(3), 1, Map::of);
      try (StateFolder fork = state.forkDecode(other, KeptRun.settings())) {
        assertEqual(StateTensors.of(fork.denoised().orElseThrow()), StateTensors.of(last));
        assertThat(fork.replay(new Frames())).isZero();
      }
      assertThat(state.replay(new Frames())).isEqualTo(3);
      state.restartDecode(KeptRun.settings());
      assertThat(state.replay(new Frames())).isZero();
      assertThat(state.decoder()).isEmpty();
    }
  }

  @Test
  void folderNames() throws IOException {
    assertThat(SavedRun.folderOf(Path.of("a/b.mp4"))).isEqualTo(Path.of("a/b.mp4.t3state"));
    assertThat(SavedRun.folderOf(Path.of("frames/"))).isEqualTo(Path.of("frames.t3state"));
    assertThat(SavedRun.folderOf(Path.of(".")).isAbsolute()).isTrue();
    assertThat(SavedRun.outputOf(Path.of("/a/b.mp4.t3state"))).isEqualTo(Path.of("/a/b.mp4"));
    assertThatThrownBy(() -> SavedRun.outputOf(Path.of("/a/b.mp4")))
        .hasMessageContaining("video.mp4.t3state");
  }

  @Test
  void largeStatesAreWrittenSeldom() {
    long[] now = new long[1];
    SavePace pace = new SavePace(0.05, () -> now[0]);
    assertThat(pace.due(50_000_000)).as("0.1 s of writing at once").isFalse();
    now[0] = 2_100_000_000L;
    assertThat(pace.due(50_000_000)).as("after 2.1 s").isTrue();
    now[0] = 3_100_000_000L;
    pace.written(50_000_000, 2_100_000_000L);
    now[0] = 22_000_000_000L;
    assertThat(pace.due(50_000_000)).as("1 s of writing after 18.9 s").isFalse();
    now[0] = 23_200_000_000L;
    assertThat(pace.due(50_000_000)).as("1 s of writing after 20.1 s").isTrue();
  }
}
