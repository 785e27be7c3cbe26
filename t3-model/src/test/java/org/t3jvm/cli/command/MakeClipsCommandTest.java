package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.model.world.World;
import org.t3jvm.model.world.WorldSettings;

/** {@code t3 make-clips} as a user runs it. */
class MakeClipsCommandTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int make(Path folder, String... more) {
    List<String> args =
        Stream.concat(
                Stream.of("make-clips", folder.toString(), "--clips", "3", "--frames", "5"),
                Stream.concat(
                    Stream.of("--height", "32", "--width", "48", "--seed", "4"), Stream.of(more)))
            .toList();
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
  }

  private static Map<String, byte[]> bytes(Path folder) throws IOException {
    Map<String, byte[]> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return bytes;
  }

  @Test
  void writesVideosWithCaptions() throws IOException {
    Path folder = temp.resolve("deep/clips");
    assertThat(make(folder)).as(err.toString()).isZero();
    assertThat(out.toString()).endsWith("wrote " + folder + ": 3 clips of 48x32, 5 frames\n");
    World world = new World(WorldSettings.trained(4, 32, 48, 5));
    assertThat(folder.resolve("metadata.csv"))
        .hasContent(
            "file_name,text\nclip_00000.mp4,%s\nclip_00001.mp4,%s\nclip_00002.mp4,%s\n"
                .formatted(
                    world.clip(0).caption(), world.clip(1).caption(), world.clip(2).caption()));
    try (FrameSource video = VideoReaders.open(folder.resolve("clip_00002.mp4"))) {
      for (int t = 0; t < 5; t++) {
        assertThat(video.next()).isNotNull();
      }
      assertThat(video.next()).isNull();
    }
  }

  @Test
  void writesFramesWithoutLoss() throws IOException {
    assertThat(make(temp, "--format", "png")).as(err.toString()).isZero();
    World world = new World(WorldSettings.trained(4, 32, 48, 5));
    try (FrameSource frames = VideoReaders.open(temp.resolve("clip_00001"))) {
      for (int t = 0; t < 5; t++) {
        RgbImage frame = frames.next();
        assertThat(frame).isNotNull();
        assertThat(frame.rgb()).isEqualTo(world.clip(1).frame(t).rgb());
      }
    }
  }

  @Test
  void continuesWhereItWasStopped() throws IOException {
    assertThat(make(temp)).as(err.toString()).isZero();
    Map<String, byte[]> whole = bytes(temp);
    Files.delete(temp.resolve("metadata.csv"));
    Files.delete(temp.resolve("clip_00001.mp4"));
    Files.writeString(temp.resolve(".clip_00001.mp4.0a1b.part"), "half");
    assertThat(make(temp)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("continuing the clips in " + temp);
    assertThat(bytes(temp)).usingRecursiveComparison().isEqualTo(whole);
    assertThat(make(temp)).as(err.toString()).isZero();
    assertThat(out.toString()).endsWith(temp + " already holds these 3 clips\n");
  }

  @Test
  void replacesAnotherSetOnlyIfAsked() throws IOException {
    assertThat(make(temp, "--format", "png")).as(err.toString()).isZero();
    Path mine = Files.writeString(temp.resolve("notes.txt"), "mine");
    Map<String, byte[]> before = bytes(temp);
    assertThat(make(temp)).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "t3: '%s' holds something else; give a new or empty folder, or --force to replace its clips"
                .formatted(temp));
    assertThat(bytes(temp)).usingRecursiveComparison().isEqualTo(before);
    assertThat(make(temp, "--force")).isZero();
    assertThat(bytes(temp).keySet())
        .containsExactly(
            "clip_00000.mp4",
            "clip_00001.mp4",
            "clip_00002.mp4",
            "clips.json",
            "metadata.csv",
            "notes.txt");
    assertThat(mine).hasContent("mine");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThat(make(temp, "--two-objects", "1.5")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo("t3: clips of two objects in a share of 1.5: from 0 to 1\n");
  }
}
