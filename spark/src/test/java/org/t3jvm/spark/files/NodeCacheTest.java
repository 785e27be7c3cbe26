package org.t3jvm.spark.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.spark.MirrorFileSystem;

class NodeCacheTest {
  private static final int THREADS = 8;

  @TempDir Path dir;

  private NodeCache cache;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    Configuration conf = new Configuration();
    conf.set("fs.mirror.impl", MirrorFileSystem.class.getName());
    cache = new NodeCache(dir.resolve("cache"), conf);
    model = Files.createDirectories(dir.resolve("model"));
    Files.createDirectories(model.resolve("vae"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("vae/weights"), "weights");
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("cache"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void manyExecutorsGetOneCopy() throws Exception {
    Set<Path> copies = new HashSet<>();
    try (ExecutorService executors = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Path>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(executors.submit(() -> cache.local("mirror:" + model)));
      }
      for (Future<Path> each : all) {
        copies.add(each.get());
      }
    }
    Path copy = copies.iterator().next();
    assertThat(copies).hasSize(1);
    assertThat(copy.resolve("vae/weights")).hasContent("weights");
    assertThat(entries()).as("a copy and its lock").hasSize(2);

    Files.writeString(model.resolve("vae/weights"), "other weights");
    assertThat(cache.local("mirror:" + model).resolve("vae/weights")).hasContent("other weights");
    assertThat(copy.resolve("vae/weights")).as("in use by others").hasContent("weights");
  }

  @Test
  void whatIsLocalIsUsedWhereItIs() throws IOException {
    assertThat(cache.local("file:" + model)).isEqualTo(model);
    assertThatThrownBy(() -> cache.local("file:" + dir + "/none"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("'file:%s/none' does not exist on ".formatted(dir));
    assertThatThrownBy(() -> cache.local("mirror:" + dir + "/none"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(dir + "/none");
  }

  @Test
  void namesBesideAFileAreInFull() throws IOException {
    String file = "mirror:" + dir + "/prompts.csv";
    assertThat(Uris.beside(file, "a/b.png", cache.conf())).isEqualTo("mirror:" + dir + "/a/b.png");
    assertThat(Uris.beside(file, "file:/b.png", cache.conf())).isEqualTo("file:/b.png");
    assertThat(Uris.local("file:/b.png")).contains(Path.of("/b.png"));
    assertThat(Uris.local(file)).isEmpty();
  }
}
