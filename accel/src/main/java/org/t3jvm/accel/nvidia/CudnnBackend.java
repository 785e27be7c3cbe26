package org.t3jvm.accel.nvidia;

import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Descriptors of cuDNN's backend API, of which graphs of operations are made. */
final class CudnnBackend {
  /** {@code cudnnBackendDescriptorType_t}. */
  enum Kind {
    POINTWISE(0),
    CONFIGURATION(3),
    HEURISTICS(4),
    PLAN(5),
    OPERATION_POINTWISE(13),
    GRAPH(15),
    PACK(16),
    TENSOR(17),
    MATMUL(18),
    OPERATION_MATMUL(19),
    REDUCTION(21),
    OPERATION_REDUCTION(22);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private final NativeFunctions.Function create;
  private final NativeFunctions.Function set;
  private final NativeFunctions.Function get;
  private final NativeFunctions.Function finish;
  private final NativeFunctions.Function destroy;
  private final NativeFunctions.Function execute;

  CudnnBackend(NativeFunctions library) {
    this.create = library.function("cudnnBackendCreateDescriptor", INT, HOST);
    this.set = library.function("cudnnBackendSetAttribute", HANDLE, INT, INT, LONG, HOST);
    this.get = library.function("cudnnBackendGetAttribute", HANDLE, INT, INT, LONG, HOST, HOST);
    this.finish = library.function("cudnnBackendFinalize", HANDLE);
    this.destroy = library.function("cudnnBackendDestroyDescriptor", HANDLE);
    this.execute = library.function("cudnnBackendExecute", HANDLE, HANDLE, HANDLE);
  }

  /** Runs a plan on what a variant pack names. */
  void execute(Object what, long handle, long plan, long pack) {
    execute.call(what, handle, plan, pack);
  }

  /** Descriptors of one purpose, which are given up together, the last first. */
  final class Scope implements AutoCloseable {
    private final Object what;
    private final List<Long> made = new ArrayList<>();

    /**
     * @param what what they are for, in messages
     */
    Scope(Object what) {
      this.what = what;
    }

    Descriptor make(Kind kind) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment address = arena.allocate(ValueLayout.JAVA_LONG);
        create.call("%s of %s".formatted(kind, what), kind.code, address);
        made.add(address.get(ValueLayout.JAVA_LONG, 0));
      }
      return new Descriptor(made.getLast(), "%s of %s".formatted(kind, what));
    }

    @Override
    public void close() {
      made.reversed().forEach(each -> destroy.call(what, each));
      made.clear();
    }
  }

  /** One descriptor; its attributes are set, then it is finished. */
  final class Descriptor {
    private final long address;
    private final String what;

    private Descriptor(long address, String what) {
      this.address = address;
      this.what = what;
    }

    long address() {
      return address;
    }

    /** Sets an attribute to some values of its type, 0 and 1 for booleans. */
    Descriptor set(CudnnAttribute attribute, long... values) {
      int bytes = attribute.type().bytes();
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment array = arena.allocate((long) bytes * values.length, Long.BYTES);
        for (int i = 0; i < values.length; i++) {
          write(array, bytes, i, values[i]);
        }
        set.call(
            "%s of %s".formatted(attribute, what),
            address,
            attribute.code(),
            attribute.type().code(),
            (long) values.length,
            array);
      }
      return this;
    }

    /** Sets an attribute to other descriptors. */
    Descriptor set(CudnnAttribute attribute, Descriptor... values) {
      long[] addresses = new long[values.length];
      for (int i = 0; i < values.length; i++) {
        addresses[i] = values[i].address;
      }
      return set(attribute, addresses);
    }

    private static void write(MemorySegment array, int bytes, int i, long value) {
      switch (bytes) {
        case 1 -> array.setAtIndex(ValueLayout.JAVA_BYTE, i, (byte) value);
        case Integer.BYTES -> array.setAtIndex(ValueLayout.JAVA_INT, i, (int) value);
        default -> array.setAtIndex(ValueLayout.JAVA_LONG, i, value);
      }
    }

    Descriptor finish() {
      finish.call(what, address);
      return this;
    }

    /** Whether it can be finished; a configuration that does not run here cannot. */
    boolean finishes() {
      return finish.status(address) == 0;
    }

    /** An attribute of one 64-bit value. */
    long number(CudnnAttribute attribute) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
        get(attribute, 1, count, value);
        return value.get(ValueLayout.JAVA_LONG, 0);
      }
    }

    /** Fills descriptors of the attribute's kind from it, and returns how many there were. */
    int fill(CudnnAttribute attribute, List<Descriptor> into) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment addresses = arena.allocate(ValueLayout.JAVA_LONG, into.size());
        for (int i = 0; i < into.size(); i++) {
          addresses.setAtIndex(ValueLayout.JAVA_LONG, i, into.get(i).address);
        }
        get(attribute, into.size(), count, addresses);
        return (int) Math.min(into.size(), count.get(ValueLayout.JAVA_LONG, 0));
      }
    }

    private void get(
        CudnnAttribute attribute, long most, MemorySegment count, MemorySegment values) {
      get.call(
          "%s of %s".formatted(attribute, what),
          address,
          attribute.code(),
          attribute.type().code(),
          most,
          count,
          values);
    }
  }
}
