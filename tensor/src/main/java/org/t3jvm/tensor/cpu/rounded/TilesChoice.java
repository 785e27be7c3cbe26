package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.machine.Machine;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.vector.RateMeter;

/**
 * Which kernels multiply operands of a kind in this process: emitted code, unless there is none or
 * the Vector API is faster. The latter needs an F32 multiply-add for each product, so that nothing
 * is to be measured where the unit for the kind is at least as fast as that for F32.
 *
 * @param description in one line what was chosen, and why
 */
public record TilesChoice(Tiles tiles, String description) {
  private static final int DEPTH = 256;
  private static final double FLOP = 2.0 * DEPTH * Tiles.ROWS * Tiles.COLUMNS;
  private static final Map<TileKind, TilesChoice> CHOICES = new EnumMap<>(TileKind.class);

  /** The choice of this process, made when something first asks. */
  public static TilesChoice of(TileKind kind) {
    synchronized (CHOICES) {
      return CHOICES.computeIfAbsent(kind, TilesChoice::decide);
    }
  }

  private static TilesChoice decide(TileKind kind) {
    Machine machine = Machine.of(kind);
    Tiles vector =
        switch (kind) {
          case BF16 -> new VectorTiles();
          case INT8 -> new VectorBlocks();
        };
    return machine.tiles() == null
        ? new TilesChoice(vector, machine.description())
        : of(
            new TilesChoice(new MachineTiles(machine.tiles()), machine.description()),
            machine.share(),
            vector,
            RateMeter.ofThread());
  }

  /**
   * Chooses.
   *
   * @param share rate of the kind as a multiple of that of F32, see {@link Machine#share}
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
    TileKind kind = tiles.kind();
    int units = kind.units(DEPTH);
    long rowBytes = (long) units * kind.rowUnit();
    long resultBytes = (long) Tiles.COLUMNS * Float.BYTES;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(Tiles.ROWS * rowBytes, Tensor.ALIGNMENT);
      MemorySegment b = arena.allocate((long) units * kind.panelUnit(), Tensor.ALIGNMENT);
      MemorySegment c = arena.allocate(Tiles.ROWS * resultBytes, Tensor.ALIGNMENT);
      return meter.rate(
          FLOP,
          times -> {
            for (int i = 0; i < times; i++) {
              tiles.multiply(
                  a, 0, rowBytes, b, 0, units, c, 0, resultBytes, Tiles.ROWS, Tiles.COLUMNS, false);
            }
          });
    }
  }
}
