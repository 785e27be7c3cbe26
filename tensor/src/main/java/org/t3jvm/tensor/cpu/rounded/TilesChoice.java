package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.machine.Machine;
import org.t3jvm.tensor.cpu.vector.RateMeter;

/**
 * Which kernels multiply BF16 in this process: emitted code, unless there is none or the Vector API
 * is faster. The latter needs two F32 multiply-adds for each instruction of emitted code, so that
 * nothing is to be measured where the unit for BF16 is at least as fast as that for F32.
 *
 * @param description in one line what was chosen, and why
 */
public record TilesChoice(Tiles tiles, String description) {
  private static final int PAIRS = 128;
  private static final double FLOP = 4.0 * PAIRS * Tiles.ROWS * Tiles.COLUMNS;

  private static final class Holder {
    private static final TilesChoice CHOICE = decide(Machine.current());

    private static TilesChoice decide(Machine machine) {
      return machine.tiles() == null
          ? new TilesChoice(new VectorTiles(), machine.description())
          : of(
              new TilesChoice(new MachineTiles(machine.tiles()), machine.description()),
              machine.bFloat16Share(),
              new VectorTiles(),
              RateMeter.ofThread());
    }
  }

  /** The choice of this process, made when something first asks. */
  public static TilesChoice current() {
    return Holder.CHOICE;
  }

  /**
   * Chooses.
   *
   * @param share rate of BF16 as a multiple of that of F32, see {@link Machine#bFloat16Share}
   */
  static TilesChoice of(TilesChoice emitted, double share, Tiles vector, RateMeter meter) {
    if (share >= 1) {
      return emitted;
    }
    double ofVector = rate(vector, meter);
    double ofEmitted = rate(emitted.tiles(), meter);
    return ofEmitted >= ofVector
        ? emitted
        : new TilesChoice(
            vector,
            String.format(
                Locale.ROOT,
                "Vector API kernels, emitted code is not used: it is slower here, %.0f against %.0f"
                    + " GFLOP/s",
                ofEmitted,
                ofVector));
  }

  /** GFLOP/s of one thread, over operands that stay in cache. */
  private static double rate(Tiles tiles, RateMeter meter) {
    long rowBytes = (long) PAIRS * Tiles.PAIR;
    long resultBytes = (long) Tiles.COLUMNS * Float.BYTES;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(Tiles.ROWS * rowBytes, Tensor.ALIGNMENT);
      MemorySegment b = arena.allocate((long) PAIRS * Tiles.PANEL_PAIR, Tensor.ALIGNMENT);
      MemorySegment c = arena.allocate(Tiles.ROWS * resultBytes, Tensor.ALIGNMENT);
      return meter.rate(
          FLOP,
          times -> {
            for (int i = 0; i < times; i++) {
              tiles.multiply(
                  a, 0, rowBytes, b, 0, PAIRS, c, 0, resultBytes, Tiles.ROWS, Tiles.COLUMNS, false);
            }
          });
    }
  }
}
