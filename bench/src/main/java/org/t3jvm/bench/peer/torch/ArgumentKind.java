package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * How the C++ types of the functions of {@code at::_ops} are passed, by the Itanium C++ ABI on
 * x86-64 with libstdc++. All of them but references are trivially copyable.
 */
enum ArgumentKind {
  /** {@code const Tensor&}, from a {@link TorchTensor}. */
  TENSOR(ADDRESS),
  /** {@code const std::optional<Tensor>&}, from a {@link TorchTensor} or null. */
  OPTIONAL_TENSOR(ADDRESS),
  /** {@code const Scalar&}, from a Double. */
  SCALAR(ADDRESS),
  /** {@code const std::optional<Scalar>&}, from a Double. */
  OPTIONAL_SCALAR(ADDRESS),
  /** {@code ArrayRef<int64_t>} or {@code ArrayRef<SymInt>}, from a long[]. */
  LONGS(MemoryLayout.structLayout(ADDRESS, JAVA_LONG)),
  /** {@code OptionalArrayRef<int64_t>}, from a long[]. */
  OPTIONAL_LONGS(
      MemoryLayout.structLayout(ADDRESS, JAVA_LONG, JAVA_BOOLEAN, MemoryLayout.paddingLayout(7))),
  /** {@code int64_t}. */
  LONG(JAVA_LONG),
  /** {@code double}. */
  DOUBLE(JAVA_DOUBLE),
  /** {@code bool}. */
  BOOL(JAVA_BOOLEAN),
  /** {@code std::optional<double>}, from a Double or null. */
  OPTIONAL_DOUBLE(
      MemoryLayout.structLayout(JAVA_DOUBLE, JAVA_BOOLEAN, MemoryLayout.paddingLayout(7))),
  /** {@code std::optional<ScalarType>}, from a {@link TorchDType} or null. */
  OPTIONAL_DTYPE(MemoryLayout.structLayout(JAVA_BYTE, JAVA_BOOLEAN)),
  /** {@code std::string_view}, from a String. */
  STRING(MemoryLayout.structLayout(JAVA_LONG, ADDRESS));

  /** {@code c10::Scalar}: a tag, 0 for a double, and a union that is aligned to 16 bytes. */
  private static final long SCALAR_BYTES = 32;

  private static final long SCALAR_VALUE = 16;

  private final MemoryLayout layout;

  ArgumentKind(MemoryLayout layout) {
    this.layout = layout;
  }

  /** What is passed by value. */
  MemoryLayout layout() {
    return layout;
  }

  /** The argument as it is passed; memory it points to comes from {@code memory}. */
  Object pass(@Nullable Object argument, SegmentAllocator memory) {
    return switch (this) {
      case TENSOR -> tensor(argument).handle();
      case OPTIONAL_TENSOR -> optionalTensor(argument, memory);
      case SCALAR, OPTIONAL_SCALAR -> scalar(argument, memory);
      case LONGS, OPTIONAL_LONGS -> longs(argument, memory);
      case LONG, DOUBLE, BOOL -> present(argument);
      case OPTIONAL_DOUBLE -> {
        MemorySegment optional = memory.allocate(layout);
        if (argument instanceof Double value) {
          optional.set(JAVA_DOUBLE, 0, value);
          optional.set(JAVA_BOOLEAN, Double.BYTES, true);
        }
        yield optional;
      }
      case OPTIONAL_DTYPE -> {
        MemorySegment optional = memory.allocate(layout);
        if (argument instanceof TorchDType dtype) {
          optional.set(JAVA_BYTE, 0, (byte) dtype.code());
          optional.set(JAVA_BOOLEAN, 1, true);
        }
        yield optional;
      }
      case STRING -> {
        String string = (String) present(argument);
        MemorySegment view = memory.allocate(layout);
        view.set(JAVA_LONG, 0, string.length());
        view.set(ADDRESS, Long.BYTES, memory.allocateFrom(string));
        yield view;
      }
    };
  }

  private static MemorySegment optionalTensor(@Nullable Object argument, SegmentAllocator memory) {
    MemorySegment optional = memory.allocate(2 * ADDRESS.byteSize(), ADDRESS.byteSize());
    if (argument != null) {
      // Borrowed: callees take it by reference, so that its count of users stays as it is.
      optional.copyFrom(tensor(argument).handle().reinterpret(ADDRESS.byteSize()));
      optional.set(JAVA_BOOLEAN, ADDRESS.byteSize(), true);
    }
    return optional;
  }

  private static MemorySegment scalar(@Nullable Object argument, SegmentAllocator memory) {
    MemorySegment scalar = memory.allocate(SCALAR_BYTES + SCALAR_VALUE, SCALAR_VALUE);
    scalar.set(JAVA_INT, 0, 0);
    scalar.set(JAVA_DOUBLE, SCALAR_VALUE, (Double) present(argument));
    scalar.set(JAVA_BOOLEAN, SCALAR_BYTES, true);
    return scalar;
  }

  private MemorySegment longs(@Nullable Object argument, SegmentAllocator memory) {
    long[] values = (long[]) present(argument);
    MemorySegment array = memory.allocate(layout);
    array.set(ADDRESS, 0, memory.allocateFrom(JAVA_LONG, values));
    array.set(JAVA_LONG, ADDRESS.byteSize(), values.length);
    if (this == OPTIONAL_LONGS) {
      array.set(JAVA_BOOLEAN, 2 * ADDRESS.byteSize(), true);
    }
    return array;
  }

  private static TorchTensor tensor(@Nullable Object argument) {
    return (TorchTensor) present(argument);
  }

  private static Object present(@Nullable Object argument) {
    if (argument == null) {
      throw new IllegalArgumentException("libtorch: an argument that is not optional is null");
    }
    return argument;
  }
}
