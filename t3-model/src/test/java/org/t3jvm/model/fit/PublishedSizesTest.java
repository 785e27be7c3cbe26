package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Which released models a device refuses at 81 frames, as it holds at most {@link #MOST} elements a
 * value: docs/gpu.md, Limits.
 */
class PublishedSizesTest {
  private static final long MOST = 2_139_095_040L;
  private static final int FRAMES = 21;
  private static final Map<String, int[]> SIZES =
      Map.of(
          "1080p", new int[] {1088, 1920},
          "4K", new int[] {2176, 3840});

  private static void fit(Backend backend, Preset preset, int... size) {
    ModelTypes model = preset.model();
    int patch = preset == Preset.WAN22_TI2V_5B ? 32 : 16;
    TokenGrid grid = new TokenGrid(FRAMES, size[0] / patch, size[1] / patch);
    DitFit.closest(
        backend,
        model.dit(),
        T3Windows.parse("1,1,1"),
        model.ditTypes(),
        new Dit.Job(grid, 512, false, false),
        Shape.of(model.dit().inChannels(), FRAMES, 2L * grid.h(), 2L * grid.w()),
        0,
        MemoryBudget.UNLIMITED);
  }

  @Test
  void onlyTheLargestModelAt4kHasValuesThatNoBankHolds() {
    TreeSet<String> refused = new TreeSet<>();
    try (Backend cpu = Backends.named("cpu").open(new BackendOptions(1))) {
      Backend device = new LimitedBackend(cpu, MOST);
      for (Preset preset : Preset.values()) {
        SIZES.forEach(
            (name, size) -> {
              try {
                fit(device, preset, size);
              } catch (BackendException e) {
                refused.add("%s at %s: %s".formatted(preset.name(), name, e.getMessage()));
              }
            });
      }
    }
    assertThat(refused).hasSize(1);
    assertThat(refused.first())
        .startsWith("WAN21_T2V_14B at 4K: at most 2139095040 elements, not ")
        .endsWith("[685440, 5120]");
  }
}
