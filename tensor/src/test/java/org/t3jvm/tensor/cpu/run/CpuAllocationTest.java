package org.t3jvm.tensor.cpu.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class CpuAllocationTest {
  /** Ops in each of the repeated blocks below. */
  private static final int BLOCK_OPS = 6;

  /** Less than three of the 240 values that a run computes. */
  private static final long LIMIT = 1 << 20;

  /**
   * Until C2 has compiled a kernel its vectors are objects, and some stay so in a JVM that has run
   * the kernels with other shapes and types; so the runs have a JVM of their own, and are counted
   * once warm.
   */
  @Test
  @Tag("process")
  void laterRunsAllocateNextToNothing() throws Exception {
    Process runs =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                CpuAllocationTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String least = new String(runs.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(runs.waitFor()).isZero();
    assertThat(Long.parseLong(least))
        .as("bytes that one run of %d ops allocates", 40 * BLOCK_OPS)
        .isLessThanOrEqualTo(LIMIT);
  }

  /** Prints the fewest bytes that one of 300 runs allocates; stops at one within the limit. */
  public static void main(String[] args) {
    Tensor x = CpuProgramTest.random(Shape.of(64, 1536), 1);
    Tensor y = Tensor.allocate(DType.F32, Shape.of(64, 1536));
    try (Backend backend = new CpuBackend(1)) {
      Program program = backend.compile(blocks(40).graph(), Parameters.of(Map.of()));
      Map<String, Tensor> inputs = Map.of("x", x);
      Map<String, Tensor> outputs = Map.of("y", y);
      long least = Long.MAX_VALUE;
      for (int run = 0; run < 300 && least > LIMIT; run++) {
        long before = allocated();
        program.run(inputs, outputs, RegionListener.NONE);
        least = Math.min(least, allocated() - before);
      }
      System.out.println(least);
    }
  }

  private static Tracer blocks(int count) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(64, 1536));
    Value gate = g.reshape(g.slice(x, 0, 0, 1), 1536);
    for (int i = 0; i < count; i++) {
      Value h = g.layerNorm(x, null, null, 1e-6f);
      h = g.modulate(h, gate, gate);
      h = g.rope(h, 12, new TokenGrid(4, 4, 4));
      h = g.geluTanh(h);
      h = g.affine(h, 0.1f, 0);
      x = g.gatedResidual(x, gate, h);
    }
    g.output("y", x);
    return g;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
