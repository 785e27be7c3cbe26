package org.t3jvm.accel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.accel.lower.DeviceKernel;

/** NVIDIA's assembler takes the PTX for every generation of GPUs that it knows. */
@Tag("process")
class PtxasTest {
  private static final List<Integer> GENERATIONS = List.of(75, 80, 90, 120);

  @TempDir Path folder;

  private static String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? said : "failed: " + said;
  }

  @Test
  void takesEveryKernelWithoutSpills() throws IOException, InterruptedException {
    String help;
    try {
      help = said("ptxas", "--help");
    } catch (IOException e) {
      Assumptions.abort("ptxas is not installed: " + e.getMessage());
      return;
    }
    List<String> files = new ArrayList<>();
    for (DeviceKernel kernel : KernelText.CUDA.kernels()) {
      Path file = folder.resolve(kernel.label() + ".ptx");
      files.add(Files.writeString(file, KernelText.CUDA.of(kernel)).toString());
    }
    for (int generation : GENERATIONS) {
      for (String file : files) {
        boolean known = help.contains("sm_" + generation);
        boolean bf16 = Files.readString(Path.of(file)).contains("sm_80");
        if (known && (!bf16 || generation >= 80)) {
          String out = folder.resolve("out").toString();
          assertThat(said("ptxas", "-v", "-arch=sm_" + generation, "-o", out, file))
              .as("%s for sm_%d", file, generation)
              .doesNotStartWith("failed")
              .contains("0 bytes spill stores, 0 bytes spill loads");
        }
      }
    }
  }
}
