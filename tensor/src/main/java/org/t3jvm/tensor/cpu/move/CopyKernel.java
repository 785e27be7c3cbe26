package org.t3jvm.tensor.cpu.move;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Value;

/**
 * Copies runs of bytes at a constant distance: the parts of {@link MovementOp.Concat} and the
 * {@link MovementOp.Slice} that are not views.
 */
public final class CopyKernel extends RangeKernel {
  private final Value source;
  private final Value target;
  private final Runs from;
  private final Runs to;

  /** Bytes of each run, start of the first one, and distance between the starts of two. */
  private record Runs(long bytes, long start, long distance) {
    long address(long index) {
      return start + index / bytes * distance + index % bytes;
    }
  }

  private CopyKernel(Value source, Runs from, Value target, Runs to, long runs) {
    super(runs * from.bytes(), 1);
    this.source = source;
    this.target = target;
    this.from = from;
    this.to = to;
  }

  public static CpuKernel slice(MovementOp.Slice op, Value out) {
    Shape shape = op.x().shape();
    long each = shape.inner(op.axis()) * out.dtype().byteSize();
    long bytes = op.length() * each;
    Runs from = new Runs(bytes, op.start() * each, shape.dim(op.axis()) * each);
    return new CopyKernel(op.x(), from, out, new Runs(bytes, 0, bytes), shape.outer(op.axis()));
  }

  public static List<CpuKernel> concat(MovementOp.Concat op, Value out) {
    List<CpuKernel> kernels = new ArrayList<>();
    Shape shape = out.shape();
    long each = shape.inner(op.axis()) * out.dtype().byteSize();
    long start = 0;
    for (Value part : op.parts()) {
      long bytes = part.shape().dim(op.axis()) * each;
      Runs from = new Runs(bytes, 0, bytes);
      Runs to = new Runs(bytes, start, shape.dim(op.axis()) * each);
      kernels.add(new CopyKernel(part, from, out, to, shape.outer(op.axis())));
      start += bytes;
    }
    return kernels;
  }

  @Override
  public void runRange(long first, long end, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(source);
    MemorySegment y = frame.segment(target);
    if (x.address() + from.start() == y.address() + to.start()) {
      // A part that was computed in its place.
      return;
    }
    long done = first;
    while (done < end) {
      long n = Math.min(from.bytes() - done % from.bytes(), end - done);
      MemorySegment.copy(x, from.address(done), y, to.address(done), n);
      done += n;
    }
  }
}
