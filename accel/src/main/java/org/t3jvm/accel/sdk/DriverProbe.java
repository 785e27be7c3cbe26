package org.t3jvm.accel.sdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.t3jvm.accel.foreign.SystemLibrary;

/**
 * Asks the system's drivers whether there is a device, without TornadoVM: its runtime ends with an
 * error, for all drivers, if one of those it was started with finds none.
 */
final class DriverProbe {
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
        SystemLibrary.OPENCL,
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
        SystemLibrary.CUDA,
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

  private static Optional<String> probe(SystemLibrary library, Question question) {
    try (Arena arena = Arena.ofConfined()) {
      Optional<SymbolLookup> found = library.find(arena);
      return found.isPresent()
          ? question.ask(found.get(), arena.allocate(ValueLayout.JAVA_INT))
          : Optional.of(library.missing());
    } catch (Throwable e) {
      return Optional.of("%s cannot be queried: %s".formatted(library.what(), e));
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      SymbolLookup library, String function, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(function), descriptor);
  }
}
