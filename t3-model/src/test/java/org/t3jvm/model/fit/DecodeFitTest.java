package org.t3jvm.model.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.ParameterTypes;

/** Decoding 2176x3840 with the released VAEs' widths in so many GB, told from shapes alone. */
class DecodeFitTest {
  private static DecodeFit fit(String release, double gigabytes) {
    return fit(release, gigabytes, null);
  }

  private static DecodeFit fit(String release, double gigabytes, @Nullable Tiling tiling) {
    return fit(release, gigabytes, tiling, Long.MAX_VALUE);
  }

  private static DecodeFit fit(
      String release, double gigabytes, @Nullable Tiling tiling, long elements) {
    boolean wan21 = release.equals("wan2.1");
    VaeConfig vae = wan21 ? VaeConfig.wan21(96) : VaeConfig.wan22(160, 256);
    Map<String, Shape> shapes = vae.parameterShapes().asMap();
    ParameterTypes types =
        name -> new TensorType(DType.F32, Objects.requireNonNull(shapes.get(name), name));
    Shape latents = wan21 ? Shape.of(16, 21, 272, 480) : Shape.of(48, 21, 136, 240);
    MemoryBudget budget = new MemoryBudget((long) (gigabytes * 1e9), true);
    try (Backend backend =
        new LimitedBackend(Backends.named("cpu").open(BackendOptions.defaults()), elements)) {
      DecodeFit fit = DecodeFit.closest(backend, vae, types, latents, tiling, budget);
      budget
          .shortage(new JobFit.Need(DecodeFit.name(vae, latents, tiling), fit.bytes()))
          .ifPresent(
              shortage -> {
                throw new RunFailedException(shortage);
              });
      return fit;
    }
  }

  /** Whole planes of either VAE hold more than 2^31 elements in a value. */
  @ParameterizedTest
  @CsvSource({"wan2.1", "wan2.2"})
  void bandsAreChosenWhereABackendLimitsValues(String release) {
    assertThat(fit(release, 1000, null, 1L << 31).bands()).isPresent();
    assertThat(fit(release, 1000).bands()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"wan2.1, 6, 13", "wan2.1, 64, 13", "wan2.2, 6, 18", "wan2.2, 64, 18"})
  void choosesBandsThatFit(String release, double gigabytes, double spilledGigabytes) {
    DecodeFit fit = fit(release, gigabytes);
    DecodeBands bands = fit.bands().orElseThrow();
    assertThat(fit.bytes()).isLessThanOrEqualTo((long) (gigabytes * 1e9));
    assertThat(fit.bytes()).isGreaterThan((long) (0.8e9 * gigabytes));
    assertThat(bands.spilledBytes(21) / 1e9).isBetween(0.9 * spilledGigabytes, spilledGigabytes);
  }

  @ParameterizedTest
  @CsvSource({"wan2.1, 1", "wan2.2, 1"})
  void refusesWhatNoBandFits(String release, double gigabytes) {
    assertThatThrownBy(() -> fit(release, gigabytes))
        .isInstanceOf(RunFailedException.class)
        .hasMessageMatching("decoding frames of 3840x2176 takes at least .* GB of memory.*")
        .hasMessageContaining("options.memory leaves 1.0 GB");
  }

  @ParameterizedTest
  @CsvSource({"wan2.1", "wan2.2"})
  void decodesWholePlanesIfTheyFit(String release) {
    DecodeFit fit = fit(release, 1000);
    assertThat(fit.bands()).isEmpty();
  }

  /** 49 tiles of 68x120 cells, or 9: the memory of one, and of one frame of blended pixels. */
  @ParameterizedTest
  @CsvSource({"wan2.1", "wan2.2"})
  void fitsTiles(String release) {
    boolean wan21 = release.equals("wan2.1");
    DecodeFit fit = fit(release, 1000, Tiling.T3_VIDEO);
    assertThat(fit.tiling()).contains(Tiling.T3_VIDEO);
    assertThat(fit.bands()).isEmpty();
    double tile =
        fit(release, 1000, new Tiling(1000, 1000, 999, 999)).bytes() / (wan21 ? 16.0 : 4.0);
    assertThat((double) fit.bytes()).isBetween(0.9 * tile, 1.3 * tile);
    assertThatThrownBy(() -> fit(release, 1, Tiling.T3_VIDEO))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("decoding frames of 3840x2176 in tiles of 68x120/34x60 takes");
  }
}
