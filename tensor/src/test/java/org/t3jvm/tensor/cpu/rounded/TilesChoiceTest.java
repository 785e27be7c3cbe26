package org.t3jvm.tensor.cpu.rounded;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.cpu.machine.Machine;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.vector.RateMeter;

class TilesChoiceTest {
  private long now;

  /** Tiles of known speed on a clock that only they advance. */
  private final class Fake implements Tiles {
    private final long nanos;
    private final long slowUntil;

    Fake(long nanos, long slowUntil) {
      this.nanos = nanos;
      this.slowUntil = slowUntil;
    }

    @Override
    public TileKind kind() {
      return TileKind.BF16;
    }

    @Override
    public void multiply(
        MemorySegment a,
        long aAt,
        long aStride,
        MemorySegment b,
        long bAt,
        int units,
        MemorySegment c,
        long cAt,
        long cStride,
        int rows,
        int columns,
        boolean adds) {
      now += now < slowUntil ? 100 * nanos : nanos;
    }
  }

  private TilesChoice choose(Fake emitted, double share, Fake vector) {
    return TilesChoice.of(
        new TilesChoice(emitted, "emitted"), share, vector, new RateMeter(() -> now));
  }

  @Test
  void emittedCodeOfAFastUnitIsNotMeasured() {
    Fake emitted = new Fake(500, 0);
    assertThat(choose(emitted, 1, new Fake(100, 0)).tiles()).isSameAs(emitted);
    assertThat(now).isZero();
  }

  @Test
  void emittedCodeOfASlowUnitIsUsedIfItIsFaster() {
    Fake emitted = new Fake(500, 0);
    assertThat(choose(emitted, 0.5, new Fake(501, 0)).tiles()).isSameAs(emitted);
  }

  @Test
  void slowerEmittedCodeIsDropped() {
    Fake vector = new Fake(1000, 50_000_000);
    TilesChoice choice = choose(new Fake(2000, 0), 0.5, vector);
    assertThat(choice.tiles()).isSameAs(vector);
    assertThat(choice.description())
        .isEqualTo(
            "Vector API kernels, emitted code is not used: it is slower here, 98 against 197"
                + " GFLOP/s");
  }

  @ParameterizedTest
  @EnumSource
  void thisProcessUsesWhatIsThere(TileKind kind) {
    TilesChoice choice = TilesChoice.of(kind);
    assertThat(choice.tiles().kind()).isEqualTo(kind);
    System.out.printf("%s, unit at %.2f of F32%n", choice.description(), Machine.of(kind).share());
    if (choice.tiles() instanceof MachineTiles) {
      assertThat(Machine.of(kind).share()).isPositive();
    } else {
      assertThat(choice.description()).startsWith("Vector API kernels, emitted code is not used");
    }
  }
}
