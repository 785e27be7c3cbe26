package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** A tensor of libtorch, counted among the users of its memory until it is closed. */
final class TorchTensor implements AutoCloseable {
  private static final int CPU = 0;
  private static final int NO_INDEX = 0;

  private final LibTorch torch;
  private final MemorySegment handle;

  TorchTensor(LibTorch torch, MemorySegment handle) {
    this.torch = torch;
    this.handle = handle;
  }

  /** A tensor over the memory of one of ours, which must stay alive. */
  static TorchTensor over(LibTorch torch, Tensor tensor) {
    try (Arena arena = Arena.ofConfined()) {
      long[] sizes = tensor.shape().dims();
      return torch.newTensor(
          "aoti_torch_create_tensor_from_blob",
          tensor.segment(),
          (long) sizes.length,
          arena.allocateFrom(JAVA_LONG, sizes),
          arena.allocateFrom(JAVA_LONG, tensor.shape().strides()),
          0L,
          TorchDType.of(tensor.dtype()).code(),
          CPU,
          NO_INDEX);
    }
  }

  /** A tensor in memory of its own, not yet written. */
  static TorchTensor empty(LibTorch torch, TorchDType dtype, long[] sizes, long[] strides) {
    try (Arena arena = Arena.ofConfined()) {
      return torch.newTensor(
          "aoti_torch_empty_strided",
          (long) sizes.length,
          arena.allocateFrom(JAVA_LONG, sizes),
          arena.allocateFrom(JAVA_LONG, strides),
          dtype.code(),
          CPU,
          NO_INDEX);
    }
  }

  /** {@code at::Tensor*}. */
  MemorySegment handle() {
    return handle;
  }

  TorchDType dtype() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(JAVA_INT);
      torch.call("aoti_torch_get_dtype", handle, code);
      return TorchDType.ofCode(code.get(JAVA_INT, 0));
    }
  }

  long[] sizes() {
    return numbers("aoti_torch_get_sizes");
  }

  /** In elements. */
  long[] strides() {
    return numbers("aoti_torch_get_strides");
  }

  private long[] numbers(String function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      torch.call("aoti_torch_get_dim", handle, result);
      long rank = result.get(JAVA_LONG, 0);
      torch.call(function, handle, result);
      return result.get(ADDRESS, 0).reinterpret(rank * Long.BYTES).toArray(JAVA_LONG);
    }
  }

  /** Where the first element lies. */
  long address() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      torch.call("aoti_torch_get_data_ptr", handle, result);
      return result.get(JAVA_LONG, 0);
    }
  }

  /** Whether the elements lie in row-major order without gaps. */
  boolean isContiguous() {
    long[] sizes = sizes();
    long[] strides = strides();
    long[] dense = Shape.of(sizes).strides();
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] > 1 && strides[i] != dense[i]) {
        return false;
      }
    }
    return true;
  }

  /** One more user of the same tensor. */
  TorchTensor share() {
    return torch.newTensor("aoti_torch_new_tensor_handle", handle);
  }

  /** Other sizes and strides over the same memory, from {@code offset} elements on. */
  TorchTensor view(long[] sizes, long[] strides, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      return torch.newTensor(
          "aoti_torch__reinterpret_tensor",
          handle,
          (long) sizes.length,
          arena.allocateFrom(JAVA_LONG, sizes),
          arena.allocateFrom(JAVA_LONG, strides),
          offset);
    }
  }

  /** {@code torch.reshape}: a view where the strides allow it, else a copy. */
  TorchTensor reshape(long... sizes) {
    try (Arena arena = Arena.ofConfined()) {
      return torch.newTensor(
          "aoti_torch_cpu_reshape",
          handle,
          arena.allocateFrom(JAVA_LONG, sizes),
          (long) sizes.length);
    }
  }

  /** Copies and converts the elements of a tensor of the same sizes into this one. */
  void copyFrom(TorchTensor source) {
    torch.call("aoti_torch_copy_", handle, source.handle, 0);
  }

  @Override
  public void close() {
    torch.call("aoti_torch_delete_tensor_object", handle);
  }
}
