package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.device.CudaStandIn;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Every released model at 81 frames of 4K on a device with memory enough: no value of it is too
 * large (docs/gpu.md, Limits).
 */
@Tag("process")
class PublishedSizesTest {
  private static final int FRAMES = 21;
  private static final int HEIGHT = 2176;
  private static final int WIDTH = 3840;
  private static final long MEMORY = 1L << 40;

  /** Blocks run one after the other, so that more need no more memory. */
  private static final int LAYERS = 1;

  private static DitFit fit(Backend backend, Preset preset) {
    ModelTypes model = preset.model();
    DitConfig config = model.dit().withLayers(LAYERS);
    int patch = preset == Preset.WAN22_TI2V_5B ? 32 : 16;
    TokenGrid grid = new TokenGrid(FRAMES, HEIGHT / patch, WIDTH / patch);
    return DitFit.closest(
        backend,
        config,
        T3Windows.parse("1,1,1"),
        model.ditTypes(),
        new Dit.Job(grid, 512, false, preset == Preset.WAN22_TI2V_5B),
        Shape.of(model.dit().inChannels(), FRAMES, 2L * grid.h(), 2L * grid.w()),
        0,
        new MemoryBudget(MEMORY, false));
  }

  private static Map<Preset, DitFit> fits(Precision precision) throws Exception {
    return CudaStandIn.during(
        () -> {
          Map<Preset, DitFit> fits = new EnumMap<>(Preset.class);
          BackendOptions large = new BackendOptions(1, 2, 0).with(precision);
          try (Backend device = Backends.named("cuda").open(large)) {
            for (Preset preset : Preset.values()) {
              fits.put(preset, fit(device, preset));
            }
          }
          return fits;
        });
  }

  @Test
  void noReleasedModelIsRefusedBySize() throws Exception {
    for (Precision precision : new Precision[] {Precision.F32, Precision.BF16}) {
      Map<Preset, DitFit> fits = fits(precision);
      assertThat(fits).hasSize(Preset.values().length);
      assertThat(fits.values())
          .as("%s", precision)
          .allSatisfy(fit -> assertThat(fit.bytes()).isLessThan(MEMORY));
      assertThat(Objects.requireNonNull(fits.get(Preset.WAN21_T2V_14B)).job().parts().headGroups())
          .as("groups of heads, since queries of all would be too large")
          .isGreaterThan(1);
    }
  }
}
