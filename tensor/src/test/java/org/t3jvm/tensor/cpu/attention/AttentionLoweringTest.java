package org.t3jvm.tensor.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;

class AttentionLoweringTest {
  private static final AttentionPattern FULL = new AttentionPattern.Full();

  static Stream<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    int[] dims = {2, 8, 24, 33, 40, 64, 128, 384, 512};
    for (int keys : new int[] {1, 17, 63, 64, 65, 96, 97, 300}) {
      for (int dim : dims) {
        shapes.add(Arguments.of(1 + (keys + dim) % 70, keys, 1 + dim % 3, dim));
      }
    }
    for (int queries : new int[] {1, 12, 31, 32, 33, 127, 129, 200}) {
      shapes.add(Arguments.of(queries, 50, 2, 24));
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithDoubleLoops(int queries, int keys, int heads, int dim) {
    long seed = 1000L * keys + dim;
    AttentionCase c = new AttentionCase(queries, keys, heads, dim, FULL, seed, 1);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 1e-20f, 30, 300})
  void takesScoresOfAnySize(float size) {
    long seed = 7;
    AttentionCase c = new AttentionCase(45, 230, 2, 40, FULL, seed, size);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed + ", q times " + size);
  }

  @Test
  void followsAMaximumThatGrowsFromBlockToBlock() {
    long seed = 8;
    AttentionCase c = new AttentionCase(40, 300, 1, 24, FULL, seed, 1);
    Arrays.fill(c.q, 1);
    for (int key = 0; key < c.keys; key++) {
      Arrays.fill(c.k, key * c.dim, (key + 1) * c.dim, 0.02f * key);
    }
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  static Stream<Shape> biasShapes() {
    return Stream.of(
        Shape.of(1, 1, 210), Shape.of(3, 1, 210), Shape.of(1, 37, 210), Shape.of(3, 37, 210));
  }

  @ParameterizedTest
  @MethodSource("biasShapes")
  void addsTheBias(Shape biasShape) {
    long seed = 9;
    AttentionCase c = new AttentionCase(37, 210, 3, 24, FULL, seed, 1, biasShape);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void addsTheBiasOfEachQueryInEveryBlock(int biasHeads) {
    long seed = 13;
    Shape biasShape = Shape.of(biasHeads, 290, 110);
    AttentionCase c = new AttentionCase(290, 110, 3, 8, FULL, seed, 1, biasShape);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(floats = {-300, 300, -2000})
  void takesScoresThatAreAllFarFromZero(float offset) {
    long seed = 14;
    AttentionCase c = new AttentionCase(37, 210, 3, 24, FULL, seed, 1, Shape.of(1, 37, 210));
    float[] bias = Objects.requireNonNull(c.bias);
    for (int i = 0; i < bias.length; i++) {
      bias[i] += offset;
    }
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed + ", offset " + offset);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NEGATIVE_INFINITY, -3.4e38f, -Float.MAX_VALUE})
  void givesMaskedKeysNoWeightAtAll(float mask) {
    for (Shape biasShape : biasShapes().toList()) {
      long seed = 10;
      AttentionCase c = new AttentionCase(37, 210, 3, 24, FULL, seed, 1, biasShape);
      float[] bias = Objects.requireNonNull(c.bias);
      // Whole first blocks and single keys; a weight that is only small would show in these values.
      for (int key = 0; key < c.keys; key++) {
        if (key < 130 || key % 7 == 0) {
          for (int row = 0; row < bias.length / c.keys; row++) {
            bias[row * c.keys + key] = mask;
          }
          Arrays.fill(c.v, key * 3 * c.dim, (key + 1) * 3 * c.dim, 1e35f);
        }
      }
      float[] y = c.run();
      DoubleAttention.assertMatches(c, y, "seed " + seed + ", mask " + mask);
      assertThat(y).as("%s, mask %s", c, mask).doesNotContain(Float.NaN);
    }
  }

  @Test
  void keepsAWhollyMaskedRowToItself() {
    long seed = 11;
    AttentionCase c = new AttentionCase(37, 210, 3, 24, FULL, seed, 1, Shape.of(1, 37, 210));
    float[] bias = Objects.requireNonNull(c.bias);
    Arrays.fill(bias, 5 * c.keys, 6 * c.keys, Float.NEGATIVE_INFINITY);
    DoubleAttention.assertMatches(c, c.run(), "seed " + seed);
  }

  @Test
  void passesNaNOnToWhateverReadsIt() {
    long seed = 12;
    int columns = 2 * 24;
    AttentionCase query = new AttentionCase(40, 150, 2, 24, FULL, seed, 1);
    query.q[3 * columns + 30] = Float.NaN;
    float[] y = query.run();
    for (int i = 0; i < y.length; i++) {
      assertThat(Float.isNaN(y[i]))
          .as("seed %d, element %d with NaN in head 1 of query 3", seed, i)
          .isEqualTo(i / columns == 3 && i % columns >= 24);
    }
    AttentionCase key = new AttentionCase(40, 150, 2, 24, FULL, seed, 1);
    key.k[140 * columns + 2] = Float.NaN;
    AttentionCase value = new AttentionCase(40, 150, 2, 24, FULL, seed, 1);
    value.v[140 * columns + 2] = Float.NaN;
    float[] ofKey = key.run();
    float[] ofValue = value.run();
    for (int i = 0; i < y.length; i++) {
      assertThat(Float.isNaN(ofKey[i]))
          .as("seed %d, element %d with NaN in head 0 of a key", seed, i)
          .isEqualTo(i % columns < 24);
      assertThat(Float.isNaN(ofValue[i]))
          .as("seed %d, element %d with NaN in column 2 of a value", seed, i)
          .isEqualTo(i % columns == 2);
    }
  }
}
