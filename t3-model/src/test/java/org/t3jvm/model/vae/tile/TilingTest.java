package org.t3jvm.model.vae.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** SPEC 8: where tiles lie, and what they cost. */
class TilingTest {
  /** The convolutions of a graph, 1x1 ones too, counted here from shapes: multiply-adds. */
  private static double convolutions(Graph graph) {
    double sum = 0;
    for (Value value : graph.values()) {
      double values = value.shape().elements();
      sum +=
          switch (value.op()) {
            case Op.Conv3d conv -> {
              long[] kernel = conv.weight().shape().dims();
              yield values * kernel[1] * kernel[2] * kernel[3] * kernel[4];
            }
            case Op.Linear linear -> values * linear.weight().shape().dim(1);
            default -> 0;
          };
    }
    return sum;
  }

  /** SPEC 6 and 7 give GFLOP for a latent cell, and how often upstream's tiles do the work. */
  @ParameterizedTest
  @CsvSource({
    "wan2.1, 272, 480, 2.162, 49, 3.06, 57",
    "wan2.1, 272, 480, 2.162, 49, 3.06, 22",
    "wan2.2, 136, 240, 18.836, 9, 2.25, 149",
    "wan2.2, 136, 240, 18.836, 9, 2.25, 10"
  })
  void tilesOf4KDoTheWorkSeveralTimesBandsOnce(
      String release, int height, int width, double perCell, int count, double times, int bands) {
    VaeConfig config = release.equals("wan2.1") ? VaeConfig.wan21(96) : VaeConfig.wan22(160, 256);
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    ParameterTypes types =
        name -> new TensorType(DType.F32, Objects.requireNonNull(shapes.get(name), name));
    double whole = convolutions(VaeDecoder.laterFrame(config, types, height, width));
    assertThat(2 * whole / height / width / 1e9).isCloseTo(perCell, within(0.001));

    List<Tile> tiles = Tiling.T3_VIDEO.tiles(height, width);
    assertThat(tiles).hasSize(count);
    double tiled = 0;
    for (Tile tile : tiles) {
      tiled += convolutions(VaeDecoder.laterFrame(config, types, tile.rows(), tile.columns()));
    }
    assertThat(tiled / whole).isCloseTo(times, within(0.005));

    int rows = Math.ceilDiv(DecodeBands.rowsInAll(config, height), bands);
    DecodeBands banded = new DecodeBands(config, types, height, width, rows);
    assertThat(banded.count()).isEqualTo(bands);
    double sum = convolutions(banded.trunk(false));
    for (int index = 0; index < bands; index++) {
      sum += convolutions(banded.band(index, false));
    }
    assertThat(sum / whole).isBetween(0.999999, 1.1);
  }

  @Test
  void tilesThatFollowOneAtTheEndAreLeftOut() {
    assertThat(new Tiling(6, 4, 4, 3).tiles(9, 7))
        .containsExactly(
            new Tile(0, 0, 6, 4), new Tile(0, 3, 6, 4), new Tile(4, 0, 5, 4), new Tile(4, 3, 5, 4));
    assertThat(new Tiling(9, 9, 1, 1).tiles(9, 7)).containsExactly(new Tile(0, 0, 9, 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"68x120", "68x120/34", "68x120/68x60", "68x120/34x0", "0x1/0x1", "x/x"})
  void refusesWhatAreNoTiles(String text) {
    assertThatThrownBy(() -> Tiling.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text.split("/", -1)[0]);
    assertThat(Tiling.parse("68x120/34x60")).isEqualTo(Tiling.T3_VIDEO);
    assertThat(Tiling.parse(Tiling.PIPELINE.toString())).isEqualTo(Tiling.PIPELINE);
  }
}
