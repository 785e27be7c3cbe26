package org.t3jvm.accel.sdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.t3jvm.accel.foreign.SystemLibrary;

/**
 * NVIDIA's compute capability of a device, as the driver reports it; TornadoVM's description has
 * none.
 *
 * @param major generation; BF16 and its tensor cores came with 8, tensor cores with 7
 * @param minor version within the generation
 */
public record CudaCapability(int major, int minor) {
  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final CudaCapability UNKNOWN = new CudaCapability(0, 0);

  /** Whether it multiplies matrices of half floats. */
  public boolean hasTensorCores() {
    return major >= 7;
  }

  /** Whether it multiplies matrices of BF16. */
  public boolean hasBf16() {
    return major >= 8;
  }

  /**
   * The capability of a device, 0.0 without a driver to ask.
   *
   * @param ordinal number of the device, from 0
   */
  @SuppressWarnings("restricted")
  public static CudaCapability of(int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup library = SystemLibrary.CUDA.find(arena).orElse(null);
      if (library == null) {
        return UNKNOWN;
      }
      MethodHandle get =
          Linker.nativeLinker()
              .downcallHandle(
                  library.findOrThrow("cuDeviceGetAttribute"),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT,
                      ValueLayout.ADDRESS,
                      ValueLayout.JAVA_INT,
                      ValueLayout.JAVA_INT));
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      int[] found = new int[2];
      for (int i = 0; i < 2; i++) {
        int status = (int) get.invokeExact(value, i == 0 ? MAJOR : MINOR, ordinal);
        if (status != 0) {
          return UNKNOWN;
        }
        found[i] = value.get(ValueLayout.JAVA_INT, 0);
      }
      return new CudaCapability(found[0], found[1]);
    } catch (Throwable e) {
      return UNKNOWN;
    }
  }
}
