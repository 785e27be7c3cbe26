package org.t3jvm.model.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Precision;

/** Whole runs of the embedded model on backend {@code cuda}, on a stand-in of CUDA's driver. */
@Tag("process")
class CudaStandInTest {
  private static final int SIZE = 32;

  @TempDir Path dir;

  @Test
  void framesAreTheCpusWithinOneGreyLevel() throws Exception {
    BackendOptions options = new BackendOptions(1).with(Precision.F32);
    List<byte[]> actual = CudaStandIn.during(() -> DeviceVideoTest.render("cuda", options, SIZE));
    DeviceVideoTest.compare(DeviceVideoTest.render("cpu", options, SIZE), actual);
  }

  private record Result(int status, String err) {}

  private static Result t3(String... args) throws Exception {
    StringWriter err = new StringWriter();
    int status =
        CudaStandIn.during(
            () -> Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args));
    return new Result(status, err.toString());
  }

  private Result generate(String out, String... more) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball", "--steps", "2"));
    args.addAll(List.of("--height", "32", "--width", "32", "--frames", "1", "--attention", "full"));
    args.addAll(List.of("--threads", "1", "--out", dir.resolve(out).toString()));
    args.addAll(List.of(more));
    return t3(args.toArray(String[]::new));
  }

  /** Device 1 of the stand-in is lost in the second step. */
  @Test
  void aRunWhoseDeviceIsLostResumesOnAnotherBackend() throws Exception {
    Result lost = generate("lost.mp4", "--backend", "cuda", "--device", "1");
    assertThat(lost.status()).as(lost.err()).isEqualTo(1);
    assertThat(lost.err().strip().lines()).as(lost.err()).hasSize(1);
    assertThat(lost.err())
        .startsWith("t3: ")
        .contains("backend 'cuda' failed at ", "CUDA_ERROR_LAUNCH_FAILED (719)");
    assertThat(dir.resolve("lost.mp4")).doesNotExist();

    String state = dir.resolve("lost.mp4.t3state").toString();
    Result resumed = t3("resume", state, "--backend", "cpu");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains("begun on backend cuda, resumed on cpu", "resuming at step 1 of 2");
    assertThat(Files.size(dir.resolve("lost.mp4"))).isPositive();
  }
}
