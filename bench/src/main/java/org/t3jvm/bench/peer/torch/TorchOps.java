package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Calls of libtorch for one op of a graph; frees all tensors they made but the released one. */
final class TorchOps implements AutoCloseable {
  private final LibTorch torch;
  private final List<TorchTensor> made = new ArrayList<>();

  TorchOps(LibTorch torch) {
    this.torch = torch;
  }

  LibTorch torch() {
    return torch;
  }

  /** Frees a tensor with this. */
  TorchTensor own(TorchTensor tensor) {
    made.add(tensor);
    return tensor;
  }

  /** A tensor that outlives this: one made here, or a share of one that was not. */
  TorchTensor release(TorchTensor tensor) {
    return made.remove(tensor) ? tensor : tensor.share();
  }

  /** A C++ function's new tensor. */
  TorchTensor call(AtFunction function, @Nullable Object... arguments) {
    return own(torch.call(function, arguments));
  }

  /** A C++ function's result in {@code out}, if given, else a new tensor. */
  TorchTensor callInto(
      @Nullable TorchTensor out, AtFunction function, @Nullable Object... arguments) {
    if (out == null || !function.hasInto()) {
      return call(function, arguments);
    }
    torch.callInto(out, function, arguments);
    return out;
  }

  TorchTensor reshape(TorchTensor x, long... sizes) {
    return own(x.reshape(sizes));
  }

  /** A view whose axis i is x's axis {@code axes[i]}. */
  TorchTensor permute(TorchTensor x, int... axes) {
    long[] sizes = x.sizes();
    long[] strides = x.strides();
    long[] newSizes = new long[axes.length];
    long[] newStrides = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      newSizes[i] = sizes[axes[i]];
      newStrides[i] = strides[axes[i]];
    }
    return own(x.view(newSizes, newStrides, 0));
  }

  /** A view of {@code times} of the only part along axis 0. */
  TorchTensor repeat(TorchTensor x, long times) {
    long[] sizes = x.sizes();
    long[] strides = x.strides();
    sizes[0] = times;
    strides[0] = 0;
    return own(x.view(sizes, strides, 0));
  }

  /** A view of {@code [start, start + length)} along one axis. */
  TorchTensor narrow(TorchTensor x, int axis, long start, long length) {
    long[] sizes = x.sizes();
    long[] strides = x.strides();
    sizes[axis] = length;
    return own(x.view(sizes, strides, start * strides[axis]));
  }

  /** A row-major copy in {@code dtype}. */
  TorchTensor copy(TorchTensor x, TorchDType dtype) {
    long[] sizes = x.sizes();
    TorchTensor copy = own(TorchTensor.empty(torch, dtype, sizes, Shape.of(sizes).strides()));
    copy.copyFrom(x);
    return copy;
  }

  /** The tensor itself if it is row-major, else a copy that is. */
  TorchTensor contiguous(TorchTensor x) {
    return x.isContiguous() ? x : copy(x, x.dtype());
  }

  /** The tensor itself if it has that type, else a converted copy. */
  TorchTensor cast(TorchTensor x, TorchDType dtype) {
    return x.dtype() == dtype ? x : copy(x, dtype);
  }

  /** The elements as F32, as long as this is open. */
  @SuppressWarnings("restricted")
  Tensor floats(TorchTensor x) {
    TorchTensor dense = contiguous(cast(x, TorchDType.F32));
    Shape shape = Shape.of(dense.sizes());
    long bytes = shape.elements() * Float.BYTES;
    return Tensor.of(DType.F32, shape, MemorySegment.ofAddress(dense.address()).reinterpret(bytes));
  }

  /** A copy of some rows of a matrix, in their order. */
  TorchTensor rows(TorchTensor x, long[] rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocateFrom(JAVA_LONG, rows);
      Tensor ids = Tensor.of(DType.I64, Shape.of(rows.length), numbers);
      return call(AtFunction.INDEX_SELECT, x, 0L, own(TorchTensor.over(torch, ids)));
    }
  }

  TorchTensor concat(List<TorchTensor> parts, int axis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handles = arena.allocate(ADDRESS, parts.size());
      for (int i = 0; i < parts.size(); i++) {
        handles.setAtIndex(ADDRESS, i, parts.get(i).handle());
      }
      return own(torch.newTensor("aoti_torch_cpu_cat", handles, (long) parts.size(), (long) axis));
    }
  }

  /** Convolution over the last {@code stride.length} axes, zero-padded by {@code padding}. */
  TorchTensor convolution(
      TorchTensor x,
      TorchTensor weight,
      @Nullable TorchTensor bias,
      long[] stride,
      long[] padding) {
    try (Arena arena = Arena.ofConfined()) {
      long rank = stride.length;
      return own(
          torch.newTensor(
              "aoti_torch_cpu_convolution",
              x.handle(),
              weight.handle(),
              bias == null ? MemorySegment.NULL : arena.allocateFrom(ADDRESS, bias.handle()),
              arena.allocateFrom(JAVA_LONG, stride),
              rank,
              arena.allocateFrom(JAVA_LONG, padding),
              rank,
              ones(arena, rank),
              rank,
              0,
              arena.allocate(JAVA_LONG, rank),
              rank,
              1L));
    }
  }

  /** A convolution's dilation. */
  private static MemorySegment ones(Arena arena, long rank) {
    MemorySegment ones = arena.allocate(JAVA_LONG, rank);
    for (int i = 0; i < rank; i++) {
      ones.setAtIndex(JAVA_LONG, i, 1);
    }
    return ones;
  }

  /** The gradient of a convolution's weight, of the weight's sizes. */
  TorchTensor convolutionWeightGradient(
      TorchTensor dy, TorchTensor x, TorchTensor weight, long[] stride, long[] padding) {
    try (Arena arena = Arena.ofConfined()) {
      long rank = stride.length;
      return callAll(
              "aoti_torch_cpu_convolution_backward",
              3,
              dy.handle(),
              x.handle(),
              weight.handle(),
              MemorySegment.NULL,
              0L,
              arena.allocateFrom(JAVA_LONG, stride),
              rank,
              arena.allocateFrom(JAVA_LONG, padding),
              rank,
              ones(arena, rank),
              rank,
              0,
              arena.allocate(JAVA_LONG, rank),
              rank,
              1L,
              arena.allocateFrom(JAVA_INT, 0, 1, 0),
              3L)
          .get(1);
    }
  }

  /** A C function's new tensors. */
  List<TorchTensor> callAll(String function, int results, Object... arguments) {
    List<TorchTensor> all = torch.newTensors(function, results, arguments);
    made.addAll(all);
    return all;
  }

  @Override
  public void close() {
    made.forEach(TorchTensor::close);
  }
}
