package org.t3jvm.tensor.cpu.elementwise;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Binary}: elementwise with broadcasting; may run in place of a or b. */
public final class BinaryKernel extends RangeKernel {
  private final Op.Binary op;
  private final Value out;
  private final Broadcast broadcast;

  public BinaryKernel(Op.Binary op, Value out) {
    super(out.shape().elements(), 1);
    this.op = op;
    this.out = out;
    this.broadcast = Broadcast.of(out.shape(), op.a().shape(), op.b().shape());
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment a = frame.segment(op.a());
    MemorySegment b = frame.segment(op.b());
    MemorySegment y = frame.segment(out);
    long done = from;
    while (done < to) {
      long run = done / broadcast.run();
      long column = done % broadcast.run();
      long n = Math.min(broadcast.run() - column, to - done);
      long ia = broadcast.start(0, run) + column * broadcast.step(0);
      long ib = broadcast.start(1, run) + column * broadcast.step(1);
      if (broadcast.step(0) == 0) {
        scalarAndRun(Lanes.get(a, ia), b, ib, y, done, n);
      } else if (broadcast.step(1) == 0) {
        runAndScalar(a, ia, Lanes.get(b, ib), y, done, n);
      } else {
        runs(a, ia, b, ib, y, done, n);
      }
      done += n;
    }
  }

  private void runs(
      MemorySegment a, long ia, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    switch (op.kind()) {
      case ADD -> VectorLoops.add(a, ia, b, ib, y, iy, n);
      case SUB -> VectorLoops.subtract(a, ia, b, ib, y, iy, n);
      case MUL -> VectorLoops.multiply(a, ia, b, ib, y, iy, n);
      case DIV -> VectorLoops.divide(a, ia, b, ib, y, iy, n);
    }
  }

  /** With a scalar, sums and products are affine; adding -0 changes no product. */
  private void runAndScalar(MemorySegment a, long ia, float b, MemorySegment y, long iy, long n) {
    switch (op.kind()) {
      case ADD -> VectorLoops.affine(a, ia, 1, b, y, iy, n);
      case SUB -> VectorLoops.affine(a, ia, 1, -b, y, iy, n);
      case MUL -> VectorLoops.affine(a, ia, b, -0f, y, iy, n);
      case DIV -> VectorLoops.divide(a, ia, b, y, iy, n);
    }
  }

  private void scalarAndRun(float a, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    switch (op.kind()) {
      case ADD -> VectorLoops.affine(b, ib, 1, a, y, iy, n);
      case SUB -> VectorLoops.affine(b, ib, -1, a, y, iy, n);
      case MUL -> VectorLoops.affine(b, ib, a, -0f, y, iy, n);
      case DIV -> VectorLoops.divide(a, b, ib, y, iy, n);
    }
  }
}
