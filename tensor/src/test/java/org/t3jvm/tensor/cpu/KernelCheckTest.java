package org.t3jvm.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.rounded.TilesChoice;
import org.t3jvm.tensor.cpu.vector.RateMeter;

class KernelCheckTest {
  private long now;
  private int pauses;

  /** A kernel of known speed on a clock that only it advances. */
  private final class Fake implements KernelCheck.Probe {
    private final String name;
    private final double nanosEach;
    private final double slowdown;
    private final long slowUntil;

    Fake(String name, double nanosEach, double slowdown, long slowUntil) {
      this.name = name;
      this.nanosEach = nanosEach;
      this.slowdown = slowdown;
      this.slowUntil = slowUntil;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double flop() {
      return 1000;
    }

    @Override
    public double expectedShare() {
      return 0.6;
    }

    @Override
    public void run(int times) {
      double each = now < slowUntil ? nanosEach * slowdown : nanosEach;
      now += Math.max(1, Math.round(times * each));
    }
  }

  private List<String> lines(Fake... probes) {
    return new KernelCheck(new RateMeter(() -> now), () -> pauses++).lines(List.of(probes));
  }

  @Test
  void goodKernelsAreGivenAsSharesOfTheScale() {
    assertThat(lines(new Fake("fma", 5, 1, 0), new Fake("product", 6.25, 1, 0)))
        .containsExactly("fma: 200 GFLOP/s a thread", "product: 80 % of that");
  }

  @Test
  void aSlowKernelIsAWarningWithARemedy() {
    List<String> lines =
        lines(new Fake("fma", 5, 1, 0), new Fake("product", 20, 1, 0), new Fake("exp", 6, 1, 0));
    assertThat(lines.get(1))
        .startsWith("warning: product: 25 % of that, expected at least 60 %")
        .contains("t3.vector.bits");
    assertThat(lines.get(2)).doesNotContain("warning");
  }

  @Test
  void aKernelThatIsCompiledLateHasMoreChances() {
    long late = 1_500_000_000;
    assertThat(lines(new Fake("fma", 5, 1, 0), new Fake("product", 6.25, 10, late)))
        .containsExactly("fma: 200 GFLOP/s a thread", "product: 80 % of that");
  }

  @Test
  void codeThatIsNotCompiledIsNoScale() {
    long late = 2_000_000_000;
    assertThat(lines(new Fake("fma", 5, 1000, late), new Fake("product", 6.25, 1, 0)))
        .containsExactly("fma: 200 GFLOP/s a thread", "product: 80 % of that");
    assertThat(pauses).isPositive();
    assertThat(lines(new Fake("fma", 5, 100, 2 * late), new Fake("product", 6.25, 1, 0)))
        .as("a scale of 2 GFLOP/s beside a product of 160")
        .containsExactly("fma: 200 GFLOP/s a thread", "product: 80 % of that");
    assertThat(lines(new Fake("fma", 5, 1000, Long.MAX_VALUE), new Fake("product", 6.25, 1, 0)))
        .containsExactly(
            "kernels not measured: the machine is too busy to compile them; try again");
  }

  @Test
  void theRealKernelsAreMeasured() {
    List<String> lines = new CpuBackendProvider().diagnostics();
    assertThat(lines).hasSize(6);
    assertThat(lines.getFirst()).contains("GFLOP/s a thread");
    assertThat(lines.subList(1, 6)).allMatch(line -> line.contains("% of that"));
    assertThat(lines.get(4)).contains("bf16", TilesChoice.of(TileKind.BF16).description());
    assertThat(lines.get(5)).contains("int8", TilesChoice.of(TileKind.INT8).description());
  }
}
