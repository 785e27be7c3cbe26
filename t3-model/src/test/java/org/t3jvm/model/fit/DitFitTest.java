package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.TokenGrid;

class DitFitTest {
  private static final DitConfig CONFIG = new DitConfig(4, 4, 48, 4, 96, 7, 16, 12, 2, 2);
  private static final TokenGrid GRID = new TokenGrid(2, 64, 130);
  private static final T3Windows WINDOWS = T3Windows.parse("2,32,2;1,2,65");
  private static final Dit.Job JOB = new Dit.Job(GRID, 512, false, false);

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @BeforeAll
  static void open() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static DitFit fit(long bytes) {
    return fit(backend, bytes);
  }

  private static DitFit fit(Backend on, long bytes) {
    Map<String, Shape> shapes = CONFIG.parameterShapes().asMap();
    return DitFit.closest(
        on,
        CONFIG,
        WINDOWS,
        name -> new TensorType(DType.F32, Objects.requireNonNull(shapes.get(name))),
        JOB,
        Shape.of(4, 2, 128, 260),
        0,
        new MemoryBudget(bytes, true));
  }

  @Test
  void theFewestHeadGroupsThatFitAreTaken() {
    DitFit all = fit(Long.MAX_VALUE);
    assertThat(all.job().parts().headGroups()).isEqualTo(1);
    assertThat(fit(all.bytes()).job().parts().headGroups()).isEqualTo(1);
    DitFit two = fit(all.bytes() - 1);
    assertThat(two.job().parts().headGroups()).isEqualTo(2);
    DitFit four = fit(two.bytes() - 1);
    assertThat(four.job().parts().headGroups()).isEqualTo(4);
    assertThat(four.bytes()).isLessThan(two.bytes());
  }

  /** The hidden values of the feed-forward network are twice as wide as all others. */
  @Test
  void valuesAreSplitWhereABackendLimitsThem() {
    long widest = GRID.tokens() * (long) CONFIG.dim();
    Dit.Parts parts = fit(new LimitedBackend(backend, widest), Long.MAX_VALUE).job().parts();
    assertThat(parts).isEqualTo(new Dit.Parts(1, 2));
    assertThat(fit(Long.MAX_VALUE).job().parts()).isEqualTo(Dit.Parts.WHOLE);
  }

  /** A device whose memory has room for {@code room} bytes of one value beside the weights. */
  private record Device(Backend backend, long room) implements Backend {
    @Override
    public String name() {
      return "device";
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      return backend.compile(graph, parameters);
    }

    @Override
    public Optional<MemoryPlan> plan(Graph graph) {
      assertThat(graph.regions()).hasSize(CONFIG.layers());
      long most = graph.values().stream().mapToLong(OpWork::bytes).max().orElseThrow();
      return Optional.of(new MemoryPlan(most, 0, 0, Math.max(0, most - room)));
    }

    @Override
    public OptionalLong memoryLimit() {
      return OptionalLong.of(Long.MAX_VALUE);
    }

    @Override
    public void close() {}
  }

  @Test
  void onADeviceMoreTokenChunksAreTakenSoThatWeightsStay() {
    long tokens = GRID.tokens() * (long) CONFIG.dim() * Float.BYTES;
    assertThat(fit(new Device(backend, 2 * tokens), Long.MAX_VALUE).job().parts())
        .isEqualTo(Dit.Parts.WHOLE);
    assertThat(fit(new Device(backend, tokens), Long.MAX_VALUE).job().parts())
        .isEqualTo(new Dit.Parts(1, 2));
    DitFit streams = fit(new Device(backend, tokens / 2), Long.MAX_VALUE);
    assertThat(streams.job().parts()).isEqualTo(new Dit.Parts(1, 2));
    assertThat(streams.streamed()).isEqualTo(tokens - tokens / 2);
  }

  @Test
  void whatDoesNotFitIsFittedWithTheLeastMemory() {
    DitFit least = fit(fit(fit(Long.MAX_VALUE).bytes() - 1).bytes() - 1);
    assertThat(least.job().parts().headGroups()).isEqualTo(CONFIG.heads());
    assertThat(fit(least.bytes() - 1)).isEqualTo(least);
    assertThat(fit(-1)).isEqualTo(least);
  }

  @Test
  void sizesAreReadAsUsersTypeThem() {
    assertThat(MemoryBudget.parse("12g")).isEqualTo(new MemoryBudget(12_000_000_000L, true));
    assertThat(MemoryBudget.parse(" 1.5 GB ").bytes()).isEqualTo(1_500_000_000L);
    assertThat(MemoryBudget.parse("800m").bytes()).isEqualTo(800_000_000L);
    assertThat(MemoryBudget.parse("4096").bytes()).isEqualTo(4096);
    for (String bad : new String[] {"", "g", "-1g", "12 gigs", "1e9", "0x10"}) {
      assertThatThrownBy(() -> MemoryBudget.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("such as 12g");
    }
    assertThat(MemoryBudget.free().bytes()).isPositive();
  }
}
