package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.embedded.EmbeddedModel;

/** {@code t3 make-tiny-model} as a user runs it. */
class MakeTinyModelCommandTest {
  private static final String VAE = "Wan2.1_VAE.pth";

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int make(Path folder, String... more) {
    String[] args = new String[2 + more.length];
    args[0] = "make-tiny-model";
    args[1] = folder.toString();
    System.arraycopy(more, 0, args, 2, more.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void writesTheEmbeddedModelAndSaysSoInOneLine() throws IOException {
    Path folder = dir.resolve("deep/new");
    assertThat(make(folder)).as(err.toString()).isZero();
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("wrote " + folder + ": 6 files, ")
        .endsWith(" seed 1");
    try (EmbeddedModel embedded = EmbeddedModel.open()) {
      assertThat(folder.resolve(VAE)).hasSameBinaryContentAs(embedded.folder().resolve(VAE));
    }
  }

  @Test
  void takesASeed() throws IOException {
    assertThat(make(dir, "--seed", "77")).as(err.toString()).isZero();
    assertThat(out.toString().strip()).endsWith(" seed 77");
    try (EmbeddedModel embedded = EmbeddedModel.open()) {
      assertThat(Files.mismatch(dir.resolve(VAE), embedded.folder().resolve(VAE))).isNotNegative();
    }
  }

  @Test
  void refusesAFolderWithSomethingInIt() throws IOException {
    Path mine = Files.writeString(dir.resolve("notes.txt"), "mine");
    assertThat(make(dir)).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("t3: folder '" + dir + "' is not empty; give a new or empty one");
    assertThat(dir).isDirectoryNotContaining(file -> !file.equals(mine));
  }

  @Test
  void refusesAFile() throws IOException {
    Path file = Files.writeString(dir.resolve("model"), "mine");
    assertThat(make(file)).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("t3: '" + file + "' is a file; give a new or empty folder");
    assertThat(file).hasContent("mine");
  }
}
