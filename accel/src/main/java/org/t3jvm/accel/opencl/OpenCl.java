package org.t3jvm.accel.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.foreign.SystemLibrary;

/**
 * Functions of OpenCL 1.1 that finding devices and compiling for them takes. What a launch takes is
 * in {@link ClQueue}. Handles are addresses.
 */
final class OpenCl {
  private static final Linker LINKER = Linker.nativeLinker();

  /** Every kind of device. */
  private static final long ALL_DEVICES = 0xFFFFFFFFL;

  private static final int BUILD_LOG = 0x1183;
  private static final int BINARY_SIZES = 0x1165;
  private static final int BINARIES = 0x1166;
  private static final int KERNEL_WORK_GROUP_SIZE = 0x11B0;

  private final SymbolLookup library;
  private final MethodHandle platformIds;
  private final MethodHandle platformInfo;
  private final MethodHandle deviceIds;
  private final MethodHandle deviceInfo;
  private final MethodHandle createContext;
  private final MethodHandle programWithSource;
  private final MethodHandle programWithBinary;
  private final MethodHandle buildProgram;
  private final MethodHandle buildInfo;
  private final MethodHandle programInfo;
  private final MethodHandle createKernel;
  private final MethodHandle kernelGroupInfo;

  OpenCl(SymbolLookup library) {
    this.library = library;
    this.platformIds = status("clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS);
    this.platformInfo = status("clGetPlatformInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.deviceIds = status("clGetDeviceIDs", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    this.deviceInfo = status("clGetDeviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.createContext =
        handle("clCreateContext", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    this.programWithSource =
        handle("clCreateProgramWithSource", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    this.programWithBinary =
        handle(
            "clCreateProgramWithBinary",
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    this.buildProgram =
        status("clBuildProgram", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    this.buildInfo =
        status("clGetProgramBuildInfo", ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.programInfo = status("clGetProgramInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.createKernel = handle("clCreateKernel", ADDRESS, ADDRESS, ADDRESS);
    this.kernelGroupInfo =
        status("clGetKernelWorkGroupInfo", ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
  }

  /** Loads the library for the rest of the process, if this machine has it. */
  static Optional<OpenCl> load() {
    return SystemLibrary.OPENCL.find(Arena.global()).map(OpenCl::new);
  }

  /** A function that returns a status. */
  @SuppressWarnings("restricted")
  MethodHandle status(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(JAVA_INT, parameters));
  }

  /** A function that returns a handle. */
  @SuppressWarnings("restricted")
  MethodHandle handle(String name, MemoryLayout... parameters) {
    return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(ADDRESS, parameters));
  }

  private MemorySegment symbol(String name) {
    return library
        .find(name)
        .orElseThrow(
            () -> new ClException(name, new IllegalStateException("the library has none")));
  }

  @FunctionalInterface
  interface Call {
    int status() throws Throwable;
  }

  static void check(String what, Call call) {
    int status;
    try {
      status = call.status();
    } catch (Throwable e) {
      throw new ClException(what, e);
    }
    if (status != ClStatus.SUCCESS) {
      throw new ClException(what, status);
    }
  }

  @FunctionalInterface
  interface Creation {
    MemorySegment handle(MemorySegment status) throws Throwable;
  }

  /** Something that OpenCL makes. */
  static MemorySegment create(String what, Creation creation) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      MemorySegment made;
      try {
        made = creation.handle(status);
      } catch (Throwable e) {
        throw new ClException(what, e);
      }
      if (status.get(JAVA_INT, 0) != ClStatus.SUCCESS) {
        throw new ClException(what, status.get(JAVA_INT, 0));
      }
      return made;
    }
  }

  @FunctionalInterface
  private interface Question {
    int read(long bytes, MemorySegment value, MemorySegment size) throws Throwable;
  }

  private static byte[] info(String what, Question info) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(JAVA_LONG);
      check(what, () -> info.read(0, MemorySegment.NULL, size));
      MemorySegment value = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
      check(what, () -> info.read(value.byteSize(), value, MemorySegment.NULL));
      return value.toArray(JAVA_BYTE);
    }
  }

  /** The drivers that are installed; none is no error. */
  List<MemorySegment> platforms() {
    return list(
        "clGetPlatformIDs",
        ClStatus.PLATFORM_NOT_FOUND,
        (room, ids, count) -> (int) platformIds.invokeExact(room, ids, count));
  }

  /** The devices of a driver. */
  List<MemorySegment> devices(MemorySegment platform) {
    return list(
        "clGetDeviceIDs",
        ClStatus.DEVICE_NOT_FOUND,
        (room, ids, count) -> (int) deviceIds.invokeExact(platform, ALL_DEVICES, room, ids, count));
  }

  @FunctionalInterface
  private interface Listing {
    int list(int room, MemorySegment ids, MemorySegment count) throws Throwable;
  }

  private static List<MemorySegment> list(String what, int none, Listing listing) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      try {
        check(what, () -> listing.list(0, MemorySegment.NULL, count));
      } catch (ClException e) {
        if (e.status() == none) {
          return List.of();
        }
        throw e;
      }
      int found = count.get(JAVA_INT, 0);
      MemorySegment ids = arena.allocate(ADDRESS, Math.max(1, found));
      check(what, () -> listing.list(found, ids, MemorySegment.NULL));
      List<MemorySegment> handles = new ArrayList<>();
      for (int i = 0; i < found; i++) {
        handles.add(ids.getAtIndex(ADDRESS, i));
      }
      return handles;
    }
  }

  /** A text about a driver. */
  String platformText(MemorySegment platform, int key) {
    return text(
        info(
            "clGetPlatformInfo",
            (bytes, value, size) ->
                (int) platformInfo.invokeExact(platform, key, bytes, value, size)));
  }

  /** A text about a device. */
  String deviceText(MemorySegment device, int key) {
    return text(deviceBytes(device, key));
  }

  /** A number about a device, of 4 or 8 bytes. */
  long deviceNumber(MemorySegment device, int key) {
    MemorySegment value = MemorySegment.ofArray(deviceBytes(device, key));
    return value.byteSize() < Long.BYTES
        ? Integer.toUnsignedLong(value.get(JAVA_INT.withByteAlignment(1), 0))
        : value.get(JAVA_LONG.withByteAlignment(1), 0);
  }

  private byte[] deviceBytes(MemorySegment device, int key) {
    return info(
        "clGetDeviceInfo",
        (bytes, value, size) -> (int) deviceInfo.invokeExact(device, key, bytes, value, size));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8)
        .replace("\0", "")
        .strip()
        .replaceAll("\\s+", " ");
  }

  /** What memory and programs of one device are made in. */
  MemorySegment context(MemorySegment device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment devices = arena.allocateFrom(ADDRESS, device);
      return create(
          "clCreateContext",
          status ->
              (MemorySegment)
                  createContext.invokeExact(
                      MemorySegment.NULL,
                      1,
                      devices,
                      MemorySegment.NULL,
                      MemorySegment.NULL,
                      status));
    }
  }

  /**
   * Compiles text.
   *
   * @throws ClException with the first line of the compiler's log
   */
  MemorySegment compile(MemorySegment context, MemorySegment device, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment texts = arena.allocateFrom(ADDRESS, arena.allocateFrom(text));
      MemorySegment program =
          create(
              "clCreateProgramWithSource",
              status ->
                  (MemorySegment)
                      programWithSource.invokeExact(context, 1, texts, MemorySegment.NULL, status));
      build(program, device);
      return program;
    }
  }

  /** A program that was compiled before; fails if the driver does not take it. */
  MemorySegment load(MemorySegment context, MemorySegment device, byte[] binary) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment devices = arena.allocateFrom(ADDRESS, device);
      MemorySegment sizes = arena.allocateFrom(JAVA_LONG, binary.length);
      MemorySegment binaries = arena.allocateFrom(ADDRESS, arena.allocateFrom(JAVA_BYTE, binary));
      MemorySegment taken = arena.allocate(JAVA_INT);
      MemorySegment program =
          create(
              "clCreateProgramWithBinary",
              status ->
                  (MemorySegment)
                      programWithBinary.invokeExact(
                          context, 1, devices, sizes, binaries, taken, status));
      build(program, device);
      return program;
    }
  }

  private void build(MemorySegment program, MemorySegment device) {
    try (Arena arena = Arena.ofConfined()) {
      // No -cl-std, which old drivers refuse, and no fast math: NaN and infinity count.
      MemorySegment options = arena.allocateFrom("");
      check(
          "clBuildProgram",
          () ->
              (int)
                  buildProgram.invokeExact(
                      program,
                      0,
                      MemorySegment.NULL,
                      options,
                      MemorySegment.NULL,
                      MemorySegment.NULL));
    } catch (ClException e) {
      String log =
          text(
              info(
                  "clGetProgramBuildInfo",
                  (bytes, value, size) ->
                      (int) buildInfo.invokeExact(program, device, BUILD_LOG, bytes, value, size)));
      throw new ClException(log.isEmpty() ? "clBuildProgram" : shortened(log), e.status());
    }
  }

  private static String shortened(String log) {
    int most = 200;
    return log.length() <= most ? log : log.substring(0, most) + "...";
  }

  /** What {@link #load} takes, or nothing if the driver gives none. */
  byte[] binary(MemorySegment program) {
    byte[] sizes =
        info(
            "clGetProgramInfo",
            (bytes, value, size) ->
                (int) programInfo.invokeExact(program, BINARY_SIZES, bytes, value, size));
    long length = MemorySegment.ofArray(sizes).get(JAVA_LONG.withByteAlignment(1), 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment binary = arena.allocate(Math.max(1, length));
      MemorySegment pointers = arena.allocateFrom(ADDRESS, binary);
      check(
          "clGetProgramInfo",
          () ->
              (int)
                  programInfo.invokeExact(
                      program, BINARIES, pointers.byteSize(), pointers, MemorySegment.NULL));
      return binary.asSlice(0, length).toArray(JAVA_BYTE);
    }
  }

  /** A function of a program. */
  MemorySegment kernel(MemorySegment program, String entry) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(entry);
      return create(
          "clCreateKernel",
          status -> (MemorySegment) createKernel.invokeExact(program, name, status));
    }
  }

  /** Threads of the largest work group that a device runs a function with. */
  long largestGroup(MemorySegment kernel, MemorySegment device) {
    byte[] value =
        info(
            "clGetKernelWorkGroupInfo",
            (bytes, to, size) ->
                (int)
                    kernelGroupInfo.invokeExact(
                        kernel, device, KERNEL_WORK_GROUP_SIZE, bytes, to, size));
    return MemorySegment.ofArray(value).get(JAVA_LONG.withByteAlignment(1), 0);
  }
}
