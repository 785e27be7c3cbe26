package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link MovementOp.Permute}: where x's innermost axis stays innermost, runs are copied; else tiles
 * are transposed between the two innermost axes. Axes that stay neighbours are taken together.
 */
public final class PermuteKernels {
  private PermuteKernels() {}

  /** One axis of the result: its extent, and its strides in elements in the result and in x. */
  private record Axis(long extent, long outStride, long inStride) {}

  public static CpuKernel of(MovementOp.Permute op, Value out) {
    List<Axis> axes = axes(op, out.shape());
    Axis inner = axes.getLast();
    if (inner.inStride() == 1) {
      return new Runs(op, out, inner, axes.subList(0, axes.size() - 1));
    }
    List<Axis> planes = new ArrayList<>(axes.subList(0, axes.size() - 1));
    Axis contiguous =
        planes.stream().filter(axis -> axis.inStride() == 1).findFirst().orElseThrow();
    planes.remove(contiguous);
    return new Tiles(op, out, contiguous, inner, planes);
  }

  /** The axes of extents other than 1, joined where x and the result run through both alike. */
  private static List<Axis> axes(MovementOp.Permute op, Shape shape) {
    long[] in = op.x().shape().strides();
    long[] strides = shape.strides();
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      long extent = shape.dim(i);
      long inStride = in[op.axes().get(i)];
      if (extent == 1) {
        continue;
      }
      if (!axes.isEmpty() && axes.getLast().inStride() == inStride * extent) {
        extent *= axes.removeLast().extent();
      }
      axes.add(new Axis(extent, strides[i], inStride));
    }
    return axes;
  }

  /** Element of x at which the given one of the index combinations of {@code axes} starts. */
  private static long inStart(List<Axis> axes, long index) {
    long start = 0;
    long rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      start += rest % axes.get(i).extent() * axes.get(i).inStride();
      rest /= axes.get(i).extent();
    }
    return start;
  }

  private static long outStart(List<Axis> axes, long index) {
    long start = 0;
    long rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      start += rest % axes.get(i).extent() * axes.get(i).outStride();
      rest /= axes.get(i).extent();
    }
    return start;
  }

  private static long combinations(List<Axis> axes) {
    return axes.stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b);
  }

  /** Copies one run of the innermost axis for every combination of the others. */
  private static final class Runs extends RangeKernel {
    private final Value x;
    private final Value out;
    private final List<Axis> outer;
    private final long run;
    private final int size;

    Runs(MovementOp.Permute op, Value out, Axis inner, List<Axis> outer) {
      super(combinations(outer), inner.extent());
      this.x = op.x();
      this.out = out;
      this.outer = List.copyOf(outer);
      this.run = inner.extent();
      this.size = out.dtype().byteSize();
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment source = frame.segment(x);
      MemorySegment target = frame.segment(out);
      for (long i = from; i < to; i++) {
        MemorySegment.copy(source, inStart(outer, i) * size, target, i * run * size, run * size);
      }
    }
  }

  /** Transposes tiles that are a cache line of x wide and a cache line of the result high. */
  private static final class Tiles extends RangeKernel {
    private static final int TILE = 16;

    private final Value x;
    private final Value out;
    private final Axis contiguous;
    private final Axis inner;
    private final List<Axis> planes;
    private final long tilesAcross;
    private final long tilesDown;
    private final int size;

    Tiles(MovementOp.Permute op, Value out, Axis contiguous, Axis inner, List<Axis> planes) {
      super(
          combinations(planes)
              * Math.ceilDiv(contiguous.extent(), TILE)
              * Math.ceilDiv(inner.extent(), TILE),
          TILE * TILE);
      this.x = op.x();
      this.out = out;
      this.contiguous = contiguous;
      this.inner = inner;
      this.planes = List.copyOf(planes);
      this.tilesAcross = Math.ceilDiv(inner.extent(), TILE);
      this.tilesDown = Math.ceilDiv(contiguous.extent(), TILE);
      this.size = out.dtype().byteSize();
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment source = frame.segment(x);
      MemorySegment target = frame.segment(out);
      for (long tile = from; tile < to; tile++) {
        long column = tile % tilesAcross * TILE;
        long row = tile / tilesAcross % tilesDown * TILE;
        long plane = tile / tilesAcross / tilesDown;
        long in = inStart(planes, plane) + row + column * inner.inStride();
        long at = outStart(planes, plane) + row * contiguous.outStride() + column;
        int wide = (int) Math.min(TILE, inner.extent() - column);
        long high = Math.min(TILE, contiguous.extent() - row);
        for (long i = 0; i < high; i++) {
          gather(source, in + i, inner.inStride(), target, at + i * contiguous.outStride(), wide);
        }
      }
    }

    /** Copies {@code n} elements that lie {@code stride} apart to neighbouring places. */
    private void gather(
        MemorySegment source, long in, long stride, MemorySegment target, long out, int n) {
      switch (size) {
        case 1 -> {
          for (int i = 0; i < n; i++) {
            byte element = source.get(ValueLayout.JAVA_BYTE, in + i * stride);
            target.set(ValueLayout.JAVA_BYTE, out + i, element);
          }
        }
        case 2 -> {
          for (int i = 0; i < n; i++) {
            short element = source.get(ValueLayout.JAVA_SHORT_UNALIGNED, (in + i * stride) << 1);
            target.set(ValueLayout.JAVA_SHORT_UNALIGNED, (out + i) << 1, element);
          }
        }
        case 4 -> {
          for (int i = 0; i < n; i++) {
            int element = source.get(ValueLayout.JAVA_INT_UNALIGNED, (in + i * stride) << 2);
            target.set(ValueLayout.JAVA_INT_UNALIGNED, (out + i) << 2, element);
          }
        }
        default -> {
          for (int i = 0; i < n; i++) {
            long element = source.get(ValueLayout.JAVA_LONG_UNALIGNED, (in + i * stride) << 3);
            target.set(ValueLayout.JAVA_LONG_UNALIGNED, (out + i) << 3, element);
          }
        }
      }
    }
  }
}
