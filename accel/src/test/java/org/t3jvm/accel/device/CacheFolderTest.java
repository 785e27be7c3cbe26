package org.t3jvm.accel.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void whatIsKeptComesBackForTheSameWordsOnly() {
    CacheFolder cache = CacheFolder.in(folder);
    cache.of("a GPU", "driver 1").write("gemm", CONTENT);
    assertThat(cache.of("a GPU", "driver 1").read("gemm")).contains(CONTENT);
    assertThat(cache.of("a GPU", "driver 1").read("norm")).isEmpty();
    assertThat(cache.of("a GPU", "driver 2").read("gemm")).isEmpty();
  }

  @Test
  void aFileThatIsCutOffOrChangedIsNotThere() throws IOException {
    CacheFolder cache = CacheFolder.in(folder);
    cache.write("gemm", CONTENT);
    Path file = folder.resolve("gemm");
    byte[] whole = Files.readAllBytes(file);
    for (int length : List.of(0, 5, whole.length - 1)) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThat(cache.read("gemm")).as("%d bytes", length).isEmpty();
    }
    byte[] changed = whole.clone();
    changed[whole.length - 1]++;
    Files.write(file, changed);
    assertThat(cache.read("gemm")).isEmpty();
  }

  @Test
  void leavesNothingElseBehind() throws IOException {
    CacheFolder.in(folder).write("gemm", CONTENT);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("gemm"));
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CacheFolder cache = CacheFolder.in(file.resolve("inside"));
    cache.write("gemm", CONTENT);
    assertThat(cache.read("gemm")).isEmpty();
  }

  @Test
  void theUsersCachesAreWhereTheEnvironmentPutsThem() {
    CacheFolder.ofUser(Map.of("XDG_CACHE_HOME", folder.toString())).write("gemm", CONTENT);
    assertThat(folder.resolve("t3jvm/devices/gemm")).exists();
  }
}
