package org.t3jvm.accel.sdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * Asks the system's drivers whether there is a device, without TornadoVM: its runtime ends with an
 * error, for all drivers, if one of those it was started with finds none.
 */
final class DriverProbe {
  private static final List<String> OPENCL =
      List.of("libOpenCL.so.1", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL");
  private static final List<String> CUDA = List.of("libcuda.so.1", "nvcuda.dll");

  private static final FunctionDescriptor CL_GET_PLATFORM_IDS =
      FunctionDescriptor.of(
          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  private static final FunctionDescriptor CU_INIT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final FunctionDescriptor CU_DEVICE_GET_COUNT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

  private DriverProbe() {}

  /** Why OpenCL cannot start, or nothing. */
  static Optional<String> openCl() {
    return probe(
        "OpenCL",
        OPENCL,
        (library, count) -> {
          MethodHandle platforms = handle(library, "clGetPlatformIDs", CL_GET_PLATFORM_IDS);
          int status = (int) platforms.invokeExact(0, MemorySegment.NULL, count);
          return status == 0 && count.get(ValueLayout.JAVA_INT, 0) > 0
              ? Optional.empty()
              : Optional.of("OpenCL is installed, but no platform is: install the device's driver");
        });
  }

  /** Why CUDA cannot start, or nothing. */
  static Optional<String> cuda() {
    return probe(
        "an NVIDIA driver",
        CUDA,
        (library, count) -> {
          int status = (int) handle(library, "cuInit", CU_INIT).invokeExact(0);
          if (status == 0) {
            status =
                (int) handle(library, "cuDeviceGetCount", CU_DEVICE_GET_COUNT).invokeExact(count);
          }
          return status == 0 && count.get(ValueLayout.JAVA_INT, 0) > 0
              ? Optional.empty()
              : Optional.of("the NVIDIA driver finds no device (CUDA error %d)".formatted(status));
        });
  }

  @FunctionalInterface
  private interface Question {
    Optional<String> ask(SymbolLookup library, MemorySegment count) throws Throwable;
  }

  private static Optional<String> probe(String what, List<String> names, Question question) {
    try (Arena arena = Arena.ofConfined()) {
      for (String name : names) {
        Optional<SymbolLookup> library = load(name, arena);
        if (library.isPresent()) {
          return question.ask(library.get(), arena.allocate(ValueLayout.JAVA_INT));
        }
      }
      return Optional.of("%s is not installed: %s was not found".formatted(what, names.getFirst()));
    } catch (Throwable e) {
      return Optional.of("%s cannot be queried: %s".formatted(what, e));
    }
  }

  /** The library of NVIDIA's driver, if there is one; to be used after {@link #cuda}. */
  static Optional<SymbolLookup> cudaLibrary(Arena arena) {
    return CUDA.stream().flatMap(name -> load(name, arena).stream()).findFirst();
  }

  private static Optional<SymbolLookup> load(String name, Arena arena) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, arena));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static MethodHandle handle(
      SymbolLookup library, String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(function), descriptor);
  }
}
