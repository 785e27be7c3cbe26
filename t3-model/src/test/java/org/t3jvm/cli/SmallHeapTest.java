package org.t3jvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A heap that holds not even the classes of the command line. */
class SmallHeapTest {
  @Test
  @Tag("process")
  void isRefusedInOneLine() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(ChildT3.command(List.of("generate", "--prompt", "x")));
    command.add(1, "-Xmx16m");
    Process run =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String err = new String(run.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(err).isEqualTo(1);
    assertThat(err.lines().filter(line -> !line.startsWith("WARNING")))
        .singleElement()
        .asString()
        .startsWith("t3: a Java heap of ")
        .endsWith(" MB is too small; allow 64 MB at least, such as JAVA_OPTS=-Xmx4g");
  }
}
