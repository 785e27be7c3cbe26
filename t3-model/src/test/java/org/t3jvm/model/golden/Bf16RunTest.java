package org.t3jvm.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;

/**
 * A whole run with products of BF16 is as near to upstream's run in F32 as upstream's own run in
 * BF16 is.
 */
class Bf16RunTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(KernelSource.class)
  void isAsNearToF32AsUpstreamsOnAGpu(KernelSource kernels) throws IOException {
    check(open("cuda", kernels));
  }

  @Test
  @Tag("process")
  void isAsNearToF32AsUpstreamsOnTheCpu() throws IOException {
    check(open("cpu", KernelSource.JAVA));
  }

  private void check(Backend opened) throws IOException {
    FixtureSet set = FixtureSet.bundled();
    Fixture fixture = set.named("pipe13");
    try (Backend backend = opened;
        Checkpoint io = fixture.io()) {
      RecordedRun run =
          RecordedRun.of(
              ModelFolder.build(set, folder).files(), ModelFolder.request(fixture), backend);
      compare("final_latents", run.value("final_latents"), io, fixture);
      compare("video", run.video(), io, fixture);
    }
  }

  private static Backend open(String name, KernelSource kernels) {
    BackendOptions options =
        new BackendOptions(
            1, 0, 0, Optional.of(kernels), Optional.of(Precision.BF16), Optional.empty());
    try {
      return Backends.named(name).open(options);
    } catch (BackendException e) {
      Assumptions.abort(e.getMessage());
      throw e;
    }
  }

  private static void compare(String name, Tensor actual, Checkpoint io, Fixture fixture)
      throws IOException {
    Tensor expected = io.tensor(name);
    double upstreams = fixture.measured("bf16_run_" + name + "_mean_abs");
    double sum = 0;
    for (long i = 0; i < expected.shape().elements(); i++) {
      sum += Math.abs(actual.getDouble(i) - expected.getDouble(i));
    }
    double mean = sum / expected.shape().elements();
    System.out.printf("%s: mean error %.5f, upstream's %.5f%n", name, mean, upstreams);
    assertThat(mean).as("mean error of " + name).isLessThanOrEqualTo(upstreams);
  }
}
