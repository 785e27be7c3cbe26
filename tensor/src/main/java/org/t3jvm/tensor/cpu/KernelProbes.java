package org.t3jvm.tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.attention.WeightKernel;
import org.t3jvm.tensor.cpu.gemm.MicroKernel;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.rounded.TilesChoice;
import org.t3jvm.tensor.cpu.vector.FmaLoop;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorMath;

/** The kernels that nearly all time is spent in, over operands that stay in cache. */
final class KernelProbes {
  private static final int KEYS = 96;
  private static final int EXPONENTS = 4096;

  /** A rough count, to have a rate at all: what counts is how it compares from run to run. */
  private static final double FLOP_OF_EXP = 16;

  private KernelProbes() {}

  /** The scale first, see {@link KernelCheck#lines}. */
  static List<KernelCheck.Probe> all() {
    return List.of(
        multiplyAdds(), gemm(), attention(), exp(), product(TileKind.BF16), product(TileKind.INT8));
  }

  private record Given(String name, double flop, double expectedShare, IntConsumer body)
      implements KernelCheck.Probe {
    @Override
    public void run(int times) {
      body.accept(times);
    }
  }

  private static KernelCheck.Probe multiplyAdds() {
    int iterations = 1000;
    return new Given(
        "fused multiply-adds on registers",
        iterations * FmaLoop.FLOP,
        0,
        times -> FmaLoop.repeat(times, iterations));
  }

  private static KernelCheck.Probe gemm() {
    float[] a = values(Tile.ROWS * Tile.DEPTH);
    float[] b = values(Tile.DEPTH * Tile.COLUMNS);
    float[] c = new float[Tile.SIZE];
    return new Given(
        "product kernel",
        2.0 * Tile.DEPTH * Tile.SIZE,
        0.6,
        times -> {
          for (int i = 0; i < times; i++) {
            MicroKernel.multiply(a, 0, b, 0, Tile.DEPTH, c, 0);
          }
        });
  }

  private static KernelCheck.Probe attention() {
    int weights = KEYS * Tile.COLUMNS;
    float[] x = values(2 * weights + WeightKernel.ROWS * Tile.COLUMNS);
    return new Given(
        "attention kernel",
        2.0 * KEYS * WeightKernel.ROWS * Tile.COLUMNS,
        0.5,
        times -> {
          for (int i = 0; i < times; i++) {
            WeightKernel.multiply(x, 0, weights, KEYS, 2 * weights);
          }
        });
  }

  /** At half the rate of F32 or at four times: processors differ, so that no share is expected. */
  private static KernelCheck.Probe product(TileKind kind) {
    int units = kind.units(Tile.DEPTH);
    long rowBytes = (long) units * kind.rowUnit();
    long resultBytes = (long) Tiles.COLUMNS * Float.BYTES;
    Tiles tiles = Tiles.best(kind);
    MemorySegment a = Arena.ofAuto().allocate(Tiles.ROWS * rowBytes, Tensor.ALIGNMENT);
    MemorySegment b = Arena.ofAuto().allocate((long) units * kind.panelUnit(), Tensor.ALIGNMENT);
    MemorySegment c = Arena.ofAuto().allocate(Tiles.ROWS * resultBytes, Tensor.ALIGNMENT);
    return new Given(
        "%s product kernel (%s)".formatted(kind, TilesChoice.of(kind).description()),
        2.0 * Tile.DEPTH * Tiles.ROWS * Tiles.COLUMNS,
        0,
        times -> {
          for (int i = 0; i < times; i++) {
            tiles.multiply(
                a, 0, rowBytes, b, 0, units, c, 0, resultBytes, Tiles.ROWS, Tiles.COLUMNS, false);
          }
        });
  }

  private static KernelCheck.Probe exp() {
    float[] x = values(EXPONENTS);
    float[] y = new float[EXPONENTS];
    return new Given(
        "exponential",
        FLOP_OF_EXP * EXPONENTS,
        0.1,
        times -> {
          for (int i = 0; i < times; i++) {
            exp(x, y);
          }
        });
  }

  private static void exp(float[] x, float[] y) {
    for (int i = 0; i < EXPONENTS; i += Lanes.COUNT) {
      VectorMath.exp(FloatVector.fromArray(Lanes.F, x, i)).intoArray(y, i);
    }
  }

  /** Small numbers, so that sums of many products stay finite. */
  private static float[] values(int count) {
    float[] values = new float[count];
    Arrays.fill(values, 1e-3f);
    return values;
  }
}
