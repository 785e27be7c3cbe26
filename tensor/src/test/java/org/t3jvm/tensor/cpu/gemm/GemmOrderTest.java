package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Value;

/** The same bits come out whatever the order of tasks and the number of threads. */
class GemmOrderTest {
  private static final long SEED = 41;

  static Stream<Arguments> cases() {
    return Stream.of(
        linear("dot products", 30, 600, 200),
        linear("panels of a task's own", 100, 600, 200),
        linear("shared panels", 700, 600, 1100),
        matMul(false),
        matMul(true),
        conv("convolution of few positions", 2, 4, 300),
        conv("convolution of many positions", 4, 30, 70),
        conv("convolution with few outputs", 4, 30, 3),
        upsampledConv());
  }

  private static Arguments linear(String name, int rows, int k, int n) {
    return Arguments.of(
        name,
        build(
            run -> {
              Value x = run.operand("x", DType.F32, rows, k);
              Value weight = run.operand("weight", DType.BF16, n, k);
              return run.g.linear(x, weight, run.operand("bias", DType.F32, n));
            }));
  }

  private static Arguments matMul(boolean transposed) {
    return Arguments.of(
        "matMul, transposed " + transposed,
        build(
            run -> {
              Value a = run.operand("a", DType.F32, 3, 200, 300);
              Value b =
                  transposed
                      ? run.operand("b", DType.F32, 3, 70, 300)
                      : run.operand("b", DType.F32, 3, 300, 70);
              return run.g.matMul(a, b, transposed);
            }));
  }

  private static Arguments conv(String name, int frames, int width, int outputs) {
    return Arguments.of(
        name,
        build(
            run -> {
              Value x = run.operand("x", DType.F32, 2 + frames, 20, width, 12);
              Value weight = run.operand("weight", DType.F16, outputs, 12, 3, 3, 3);
              return run.g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 3));
            }));
  }

  private static Arguments upsampledConv() {
    return Arguments.of(
        "convolution of an upsampled value",
        build(
            run -> {
              Value x = run.g.upsample(run.operand("x", DType.F32, 2, 15, 20, 70), 2);
              Value weight = run.operand("weight", DType.BF16, 40, 70, 1, 3, 3);
              return run.g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 3));
            }));
  }

  private static Function<GemmRun, Value> build(Function<GemmRun, Value> build) {
    return build;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void tasksMayRunInAnyOrder(String name, Function<GemmRun, Value> build) {
    GemmRun run = new GemmRun(SEED);
    Value y = build.apply(run);
    assertThat(GemmRun.lower(y).kernels().getLast().tasks()).as(name).isGreaterThan(1);
    int[] bits = bits(run.run(y));
    assertThat(bits(run.run(y, Collections::reverse)))
        .as("%s, seed %d, reversed", name, SEED)
        .isEqualTo(bits);
    for (int i = 0; i < 3; i++) {
      Random random = new Random(SEED + i);
      assertThat(bits(run.run(y, order -> Collections.shuffle(order, random))))
          .as("%s, seed %d, shuffled with seed %d", name, SEED, SEED + i)
          .isEqualTo(bits);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void threadsDoNotMatter(String name, Function<GemmRun, Value> build) throws InterruptedException {
    GemmRun run = new GemmRun(SEED);
    Value y = build.apply(run);
    int[] bits = bits(run.run(y));
    for (int threads : new int[] {2, 5}) {
      assertThat(bits(run.runOn(y, threads)))
          .as("%s, seed %d, %d threads", name, SEED, threads)
          .isEqualTo(bits);
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
