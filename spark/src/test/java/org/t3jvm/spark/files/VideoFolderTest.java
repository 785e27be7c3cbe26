package org.t3jvm.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.spark.MirrorFileSystem;
import org.t3jvm.spark.StrictFileSystem;

/** On file systems whose renames replace a file, say that one is there, or throw. */
class VideoFolderTest {
  private static final String VIDEO = "16_32_1_0.mp4";
  private static final int ATTEMPTS = 8;

  @TempDir Path dir;

  private VideoFolder open(String scheme, String work) throws IOException {
    Configuration conf = new Configuration();
    conf.set("fs.mirror.impl", MirrorFileSystem.class.getName());
    conf.set("fs.refuses.impl", StrictFileSystem.Refusing.class.getName());
    conf.set("fs.throws.impl", StrictFileSystem.Throwing.class.getName());
    return VideoFolder.open("%s:%s/out".formatted(scheme, dir), dir.resolve(work), conf);
  }

  private List<String> out() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("out"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror", "refuses", "throws"})
  void attemptsOfSeveralNodesLeaveOneVideo(String scheme) throws Exception {
    List<VideoFolder> nodes = new ArrayList<>();
    for (int node = 0; node < ATTEMPTS; node++) {
      VideoFolder videos = open(scheme, "work" + node);
      Files.writeString(videos.place(VIDEO), "the same bits");
      nodes.add(videos);
    }
    try (ExecutorService executors = Executors.newFixedThreadPool(ATTEMPTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int node = 0; node < ATTEMPTS; node++) {
        String attempt = "0-" + node;
        VideoFolder videos = nodes.get(node);
        all.add(
            executors.submit(
                () -> {
                  videos.publish(VIDEO, attempt);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(out()).containsExactly(VIDEO);
    assertThat(dir.resolve("out").resolve(VIDEO)).hasContent("the same bits");
    for (VideoFolder videos : nodes) {
      assertThat(videos.place(VIDEO)).doesNotExist();
      assertThat(videos.has(VIDEO)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mirror", "refuses", "throws"})
  void anAttemptWhoseVideoAnotherOfItsNodeBroughtIsDone(String scheme) throws IOException {
    VideoFolder videos = open(scheme, "work");
    Files.writeString(videos.place(VIDEO), "bits");
    videos.publish(VIDEO, "0-0");
    videos.publish(VIDEO, "0-1");
    assertThat(out()).containsExactly(VIDEO);
    assertThatThrownBy(() -> videos.publish("16_32_1_1.mp4", "0-2"))
        .isInstanceOf(FileNotFoundException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "mirror", "refuses", "throws"})
  void filesAndFoldersAreReplacedWhole(String scheme) throws IOException {
    VideoFolder videos = open(scheme, "work");
    for (String text : List.of("one", "two")) {
      videos.write("manifest.jsonl", text.getBytes(StandardCharsets.UTF_8));
      videos.writeFolder(
          "manifest.parquet",
          uri -> {
            Path part = Files.createDirectories(Path.of(Uris.path(uri).toUri().getPath()));
            Files.writeString(part.resolve(text), text);
          });
    }
    assertThat(out()).containsExactlyInAnyOrder("manifest.jsonl", "manifest.parquet");
    assertThat(dir.resolve("out/manifest.jsonl")).hasContent("two");
    assertThat(dir.resolve("out/manifest.parquet")).isDirectoryContaining("glob:**/two");
    assertThat(dir.resolve("out/manifest.parquet")).isDirectoryNotContaining("glob:**/one");
  }
}
