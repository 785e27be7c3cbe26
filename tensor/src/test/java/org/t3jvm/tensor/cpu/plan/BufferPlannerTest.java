package org.t3jvm.tensor.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BufferPlannerTest {
  @Test
  void buffersThatMeetNeverOverlap() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<BufferPlanner.Buffer> buffers = new ArrayList<>();
      int count = random.nextInt(60);
      for (int i = 0; i < count; i++) {
        int first = random.nextInt(40);
        long bytes = random.nextInt(10) == 0 ? 0 : random.nextInt(1000);
        buffers.add(new BufferPlanner.Buffer(bytes, first, first + random.nextInt(10)));
      }
      requireSound(buffers, BufferPlanner.plan(buffers), "seed " + seed);
    }
  }

  private static void requireSound(
      List<BufferPlanner.Buffer> buffers, BufferPlanner.Layout layout, String what) {
    long end = 0;
    for (int i = 0; i < buffers.size(); i++) {
      BufferPlanner.Buffer a = buffers.get(i);
      long start = layout.offsets().get(i);
      assertThat(start % 64).as("%s, buffer %d at %d", what, i, start).isZero();
      assertThat(start).isNotNegative();
      end = Math.max(end, roundUp(start + a.bytes()));
      for (int j = 0; j < i; j++) {
        BufferPlanner.Buffer b = buffers.get(j);
        long other = layout.offsets().get(j);
        boolean together = a.first() <= b.last() && b.first() <= a.last();
        boolean apart = start + a.bytes() <= other || other + b.bytes() <= start;
        assertThat(!together || apart)
            .as("%s: %s at %d and %s at %d", what, a, start, b, other)
            .isTrue();
      }
    }
    assertThat(layout.bytes()).as("%s: size of the arena", what).isEqualTo(end);
    assertThat(layout.bytes()).as(what).isGreaterThanOrEqualTo(peak(buffers));
  }

  /** Most bytes that live at one moment: no layout can be smaller. */
  private static long peak(List<BufferPlanner.Buffer> buffers) {
    long peak = 0;
    for (int moment = 0; moment < 60; moment++) {
      long live = 0;
      for (BufferPlanner.Buffer buffer : buffers) {
        if (buffer.first() <= moment && moment <= buffer.last()) {
          live += roundUp(buffer.bytes());
        }
      }
      peak = Math.max(peak, live);
    }
    return peak;
  }

  private static long roundUp(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  @Test
  void aChainTakesTwoBuffers() {
    List<BufferPlanner.Buffer> chain = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      chain.add(new BufferPlanner.Buffer(1000, i, i + 1));
    }
    assertThat(BufferPlanner.plan(chain).bytes()).isEqualTo(2 * 1024);
  }

  @Test
  void smallBuffersFillTheSmallestGapThatHoldsThem() {
    // Two long-lived buffers leave gaps of 512 and 256 bytes where others have died.
    List<BufferPlanner.Buffer> buffers =
        List.of(
            new BufferPlanner.Buffer(4096, 0, 9),
            new BufferPlanner.Buffer(512, 0, 1),
            new BufferPlanner.Buffer(448, 0, 9),
            new BufferPlanner.Buffer(256, 0, 1),
            new BufferPlanner.Buffer(192, 0, 9),
            new BufferPlanner.Buffer(128, 5, 9));
    BufferPlanner.Layout layout = BufferPlanner.plan(buffers);
    requireSound(buffers, layout, "gaps");
    assertThat(layout.offsets().get(5)).isEqualTo(layout.offsets().get(3));
    assertThat(layout.bytes()).isEqualTo(4096 + 512 + 448 + 256 + 192);
  }

  @Test
  void offsetsMayExceedTwoGigabytes() {
    List<BufferPlanner.Buffer> buffers =
        List.of(
            new BufferPlanner.Buffer(5L << 30, 0, 2),
            new BufferPlanner.Buffer(7L << 30, 1, 3),
            new BufferPlanner.Buffer(6L << 30, 3, 4));
    BufferPlanner.Layout layout = BufferPlanner.plan(buffers);
    requireSound(buffers, layout, "large");
    assertThat(layout.bytes()).isEqualTo(13L << 30);
  }
}
