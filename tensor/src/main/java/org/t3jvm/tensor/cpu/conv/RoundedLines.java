package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.graph.Value;

/**
 * Rounds some lines of x [T, H, W, C] to pairs of channels in the temporary memory, each line with
 * its padding along w, so that what a position sees of a line is one row of a product.
 *
 * @param padding positions of zeros before each line
 * @param columns positions of a packed line, zeros behind those of x
 * @param firstFrame of the lines, {@code frames} in all
 * @param firstRow of each frame's lines, {@code rows} in all
 * @param place of the first line, in bytes
 */
record RoundedLines(
    Value x,
    int padding,
    int columns,
    int firstFrame,
    int frames,
    int firstRow,
    int rows,
    long place)
    implements CpuKernel {
  /** Numbers of a task. */
  private static final int TASK = 1 << 16;

  private int width() {
    return x.shape().intDim(2);
  }

  private int channels() {
    return x.shape().intDim(3);
  }

  /** Bytes of a position. */
  static long pixelBytes(Value x) {
    return (long) Pairs.count(x.shape().intDim(3)) * Tiles.PAIR;
  }

  private long lineBytes() {
    return columns * pixelBytes(x);
  }

  /** Bytes of all lines. */
  long bytes() {
    return (long) frames * rows * lineBytes();
  }

  /** Where position 0 of a line of x with its padding lies, in bytes; the line is packed here. */
  long at(int t, int h) {
    return place + ((long) (t - firstFrame) * rows + h - firstRow) * lineBytes();
  }

  private int taskLines() {
    return Math.max(1, TASK / (columns * channels()));
  }

  @Override
  public int tasks() {
    return Math.max(1, Math.ceilDiv(Math.multiplyExact(frames, rows), taskLines()));
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int first = task * taskLines();
    int end = Math.min(frames * rows, first + taskLines());
    for (int line = first; line < end; line++) {
      pack(frame, firstFrame + line / rows, firstRow + line % rows);
    }
  }

  private void pack(Frame frame, int t, int h) {
    MemorySegment source = frame.segment(x);
    MemorySegment target = frame.temporary();
    long from = ((long) t * x.shape().intDim(1) + h) * width() * channels();
    long to = at(t, h);
    long pixel = pixelBytes(x);
    int before = Math.min(padding, columns);
    int packed = Math.min(width(), columns - before);
    long inside = to + before * pixel;
    long behind = inside + packed * pixel;
    target.asSlice(to, inside - to).fill((byte) 0);
    if (channels() % 2 == 0) {
      Pairs.round(source, from, packed * channels(), target, inside);
    } else {
      for (int i = 0; i < packed; i++) {
        long start = from + (long) i * channels();
        Pairs.round(source, start, channels(), target, inside + i * pixel);
      }
    }
    target.asSlice(behind, to + lineBytes() - behind).fill((byte) 0);
  }
}
