package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/cli.md} is what the options of every command say now. */
class CommandReferenceTest {
  private static final Path FILE = ProjectFiles.ROOT.resolve("docs/cli.md");
  private static final String WRITE =
      "mvn -q -pl bench -am test -Dtest=CommandReferenceTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dt3.docs.write";

  @Test
  void theReferenceIsUpToDate() throws IOException {
    String reference = CommandReference.of(CommandLines.create());
    if (System.getProperty("t3.docs.write") != null) {
      Files.writeString(FILE, reference);
    }
    assertThat(Files.exists(FILE) ? Files.readString(FILE) : "")
        .as("docs/cli.md; after a change of options write it anew by: %s", WRITE)
        .isEqualTo(reference);
  }
}
