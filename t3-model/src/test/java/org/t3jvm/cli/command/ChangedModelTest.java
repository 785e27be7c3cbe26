package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.ChildT3;

/** A model that another program empties while a process has it mapped. */
@Tag("process")
class ChangedModelTest {
  @TempDir Path dir;

  @Test
  void theRunEndsWithOneLineAndIsResumedOnceTheFileIsBack() throws Exception {
    Path model = dir.resolve("model");
    ChildT3.run(List.of("make-tiny-model", model.toString()));
    Path dit = model.resolve("diffusion_pytorch_model.safetensors");
    byte[] weights = Files.readAllBytes(dit);
    Path out = dir.resolve("out.mp4");
    Path state = dir.resolve("out.mp4.t3state");
    Process run =
        ChildT3.start(
            List.of(
                "generate",
                "--quiet",
                "--model",
                model.toString(),
                "--text-cache",
                "off",
                "--prompt",
                "x",
                "--height",
                "128",
                "--width",
                "128",
                "--frames",
                "9",
                "--steps",
                "1000",
                "--cfg",
                "1",
                "--out",
                out.toString()));
    while (run.isAlive() && !Files.exists(state.resolve("latents-0003.safetensors"))) {
      Thread.sleep(1);
    }
    assertThat(new ProcessBuilder("sh", "-c", ": > \"$0\"", dit.toString()).start().waitFor())
        .isZero();
    assertThat(dit).hasSize(0);
    String err = new String(run.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(err).isEqualTo(1);
    assertThat(err.lines().filter(line -> !line.startsWith("WARNING")))
        .as(err)
        .singleElement()
        .asString()
        .contains(dit + ": another program is writing this file", "t3 resume " + state);
    Files.write(dit, weights);
    assertThat(state).isNotEmptyDirectory();
  }
}
