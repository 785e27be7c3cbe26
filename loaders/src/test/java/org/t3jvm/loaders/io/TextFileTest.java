package org.t3jvm.loaders.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text as people save it, and what is none. */
class TextFileTest {
  @TempDir Path dir;

  @Test
  void aByteOrderMarkIsNoText() throws IOException {
    Path file = Files.writeString(dir.resolve("a.csv"), "\ufeffvid\u00e9o,prompt");
    assertThat(TextFile.read(file, 100)).isEqualTo("vid\u00e9o,prompt");
  }

  @Test
  void whatIsNoTextIsNamed() throws IOException {
    Path file = dir.resolve("a.csv");
    Files.write(file, "\u00e9t\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> TextFile.read(file, 100)).hasMessage("'%s' is not UTF-8 text", file);
    Files.write(file, new byte[] {'a', 0, 'b'});
    assertThatThrownBy(() -> TextFile.read(file, 100))
        .hasMessage("'%s' is not text: it has bytes of zero", file);
    assertThatThrownBy(() -> TextFile.read(dir, 100))
        .hasMessage("'%s' is a folder, must be a file", dir);
  }

  @Test
  void nothingIsReadBeyondTheLimit() throws IOException {
    Path file = Files.writeString(dir.resolve("a.csv"), "abcd");
    assertThat(TextFile.read(file, 4)).isEqualTo("abcd");
    assertThatThrownBy(() -> TextFile.read(file, 3))
        .hasMessage("'%s' has more than the 3 bytes that are read of such a file", file);
    Path endless = Path.of("/dev/zero");
    assumeTrue(Files.exists(endless));
    assertThatThrownBy(() -> TextFile.bytes(endless, 1 << 20))
        .hasMessageStartingWith("'/dev/zero' has more than the 1048576 bytes");
  }
}
