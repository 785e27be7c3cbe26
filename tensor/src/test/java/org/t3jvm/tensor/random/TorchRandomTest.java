package org.t3jvm.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.Shape;

/** TorchRandom against values that torch itself drew (SPEC 11), compared bit for bit. */
class TorchRandomTest {
  private static final SafetensorsResource TORCH =
      new SafetensorsResource("/randn/randn.safetensors");
  private static final Pattern SEEDED = Pattern.compile("seed(\\d+)\\.(?:n|shape)([\\dx]+)");

  static List<String> seeded() {
    return TORCH.names().stream().filter(name -> SEEDED.matcher(name).matches()).toList();
  }

  @Test
  void theFixtureCoversEverySeedAndSize() {
    assertThat(seeded()).hasSizeGreaterThanOrEqualTo(42);
  }

  @ParameterizedTest
  @MethodSource("seeded")
  void randnEqualsTorch(String name) {
    Matcher matcher = SEEDED.matcher(name);
    assertThat(matcher.matches()).isTrue();
    long seed = Long.parseLong(matcher.group(1));
    long[] dims = Stream.of(matcher.group(2).split("x")).mapToLong(Long::parseLong).toArray();
    float[] expected = TORCH.floats(name);

    assertSameBits(name, new TorchRandom(seed).randn(Shape.of(dims)).toFloats(), expected);
    float[] array = new float[expected.length];
    new TorchRandom(seed).fillNormal(array);
    assertSameBits(name + " into an array", array, expected);
  }

  @Test
  void consecutiveCallsContinueTheStream() {
    TorchRandom random = new TorchRandom(0);
    assertSameBits("a17", draw(random, 17), TORCH.floats("consecutive.a17"));
    assertSameBits("b20", draw(random, 20), TORCH.floats("consecutive.b20"));
  }

  @Test
  void theCachedNormalSurvivesBetweenCalls() {
    TorchRandom random = new TorchRandom(0);
    assertSameBits("a3", draw(random, 3), TORCH.floats("consecutive_small.a3"));
    assertSameBits("b4", draw(random, 4), TORCH.floats("consecutive_small.b4"));
  }

  @Test
  void wordsAreThoseOfMt19937() {
    long[] expected = TORCH.longs("mt19937.seed0.u32_first_700");
    TorchRandom random = new TorchRandom(0);
    long[] words = new long[expected.length];
    Arrays.setAll(words, i -> random.nextWord());
    assertThat(words).as("seed 0").containsExactly(expected);
  }

  @Test
  void uniformsEqualTorch() {
    float[] expected = TORCH.floats("uniform.seed0.n32");
    TorchRandom random = new TorchRandom(0);
    float[] values = new float[expected.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextUniform();
    }
    assertSameBits("uniform, seed 0", values, expected);
  }

  @Test
  void onlyTheLow32BitsOfASeedCount() {
    assertSameBits(
        "seed 7", draw(new TorchRandom((5L << 32) + 7), 40), draw(new TorchRandom(7), 40));
  }

  @Test
  void nothingIsDrawnForAnEmptyTensor() {
    TorchRandom random = new TorchRandom(0);
    assertThat(random.randn(Shape.of(4, 0)).shape().elements()).isZero();
    assertSameBits("seed 0", draw(random, 16), TORCH.floats("seed0.n16"));
  }

  @Test
  void aSegmentOfBrokenFloatsIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> new TorchRandom(0).fillNormal(arena.allocate(66)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("66 bytes");
    }
  }

  private static float[] draw(TorchRandom random, int count) {
    return random.randn(Shape.of(count)).toFloats();
  }

  private static void assertSameBits(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(actual[i]))
          .as("%s: element %d is %s, torch has %s", what, i, actual[i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }
}
