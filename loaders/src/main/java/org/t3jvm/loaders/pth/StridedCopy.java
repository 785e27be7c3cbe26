package org.t3jvm.loaders.pth;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.loaders.pth.PickleValue.View;
import org.t3jvm.tensor.Shape;

/** Gathers the elements of a strided view into dense row-major order. */
final class StridedCopy {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private StridedCopy() {}

  /**
   * Copies a view that lies inside {@code storage} to {@code target}, which has its dense size.
   *
   * @param size bytes of one element: 1, 2, 4 or 8
   */
  static void run(MemorySegment storage, View view, int size, MemorySegment target) {
    Shape shape = view.shape();
    int inner = shape.rank() - 1;
    long count = shape.dim(inner);
    long rows = shape.elements() / count;
    long[] index = new long[inner];
    long from = view.offset();
    for (long row = 0; row < rows; row++) {
      copyRow(storage, from, view.stride(inner), count, size, target, row * count);
      for (int axis = inner - 1; axis >= 0; axis--) {
        from += view.stride(axis);
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        from -= view.stride(axis) * shape.dim(axis);
        index[axis] = 0;
      }
    }
  }

  private static void copyRow(
      MemorySegment storage,
      long from,
      long stride,
      long count,
      int size,
      MemorySegment target,
      long to) {
    if (stride == 1) {
      MemorySegment.copy(storage, from * size, target, to * size, count * size);
      return;
    }
    for (long i = 0; i < count; i++) {
      long source = (from + i * stride) * size;
      long sink = (to + i) * size;
      switch (size) {
        case 1 -> target.set(BYTE, sink, storage.get(BYTE, source));
        case 2 -> target.set(SHORT, sink, storage.get(SHORT, source));
        case 4 -> target.set(INT, sink, storage.get(INT, source));
        default -> target.set(LONG, sink, storage.get(LONG, source));
      }
    }
  }
}
