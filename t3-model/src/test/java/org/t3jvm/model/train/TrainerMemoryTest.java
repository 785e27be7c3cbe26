package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.optim.Sgd;

/** A training may take any number of steps: what its examples held is given back. */
@Tag("slow")
class TrainerMemoryTest {
  private static final int ROWS = 2048;
  private static final int COLUMNS = 1024;
  private static final int STEPS = 150;
  private static final long PAGE = 4096;

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryOutsideOfTheHeapDoesNotRise() throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("w", Tensor.allocate(DType.F32, Shape.of(1, COLUMNS)));
    try (Backend backend = Backends.named("cpu").open(new BackendOptions(1));
        Trainer trainer =
            new Trainer(
                backend,
                Parameters.of(Map.of()),
                weights,
                size -> graph(),
                Trainer.Settings.usual(1))) {
      Sgd sgd = new Sgd(0, 1);
      long before = 0;
      for (int step = 0; step < STEPS; step++) {
        trainer.step(1, index -> example(), sgd, at -> 1e-3, RegionListener.NONE);
        if (step == STEPS / 10) {
          before = residentBytes();
        }
      }
      assertThat((residentBytes() - before) >> 20)
          .as("MB more after %d steps with examples of 8 MB", STEPS)
          .isLessThan(600);
    }
  }

  private static Graph graph() {
    Tracer g = new Tracer();
    var x = g.input("x", DType.F32, Shape.of(ROWS, COLUMNS));
    var y = g.linear(x, g.parameter("w", DType.F32, Shape.of(1, COLUMNS)), null);
    g.output(Objective.LOSS, Losses.squared(g, y, g.input("y", DType.F32, Shape.of(ROWS, 1))));
    return g.graph();
  }

  private static Trainer.Example example() {
    Tensor x = Tensor.allocate(DType.F32, Shape.of(ROWS, COLUMNS));
    // Touches every page.
    x.segment().fill((byte) 1);
    Tensor y = Tensor.allocate(DType.F32, Shape.of(ROWS, 1));
    return new Trainer.Example(x.shape(), Map.of("x", x, "y", y));
  }

  private static long residentBytes() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]) * PAGE;
  }
}
