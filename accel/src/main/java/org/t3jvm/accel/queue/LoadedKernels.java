package org.t3jvm.accel.queue;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.lower.DeviceKernel;

/** The kernels of a device, each made ready when it is first needed. */
public final class LoadedKernels {
  private final Function<DeviceKernel, MemorySegment> load;
  private final Map<DeviceKernel, MemorySegment> kernels = new EnumMap<>(DeviceKernel.class);
  private int loaded;
  private long nanos;

  /**
   * @param load makes a function ready, or throws {@link DriverException}
   */
  public LoadedKernels(Function<DeviceKernel, MemorySegment> load) {
    this.load = load;
  }

  /**
   * A kernel's function.
   *
   * @throws DeviceException if the driver does not take it
   */
  public MemorySegment of(DeviceKernel kernel) {
    MemorySegment known = kernels.get(kernel);
    if (known != null) {
      return known;
    }
    long start = System.nanoTime();
    try {
      MemorySegment made = load.apply(kernel);
      kernels.put(kernel, made);
      return made;
    } catch (DriverException e) {
      throw new DeviceException(
          "kernel %s cannot be compiled: %s".formatted(kernel.label(), e.getMessage()), e);
    } finally {
      loaded++;
      nanos += System.nanoTime() - start;
    }
  }

  /**
   * Checks the largest work group that a driver runs a kernel with.
   *
   * @throws DeviceException if the kernel's is larger
   */
  public static void requireGroup(DeviceKernel kernel, long largest) {
    if (largest < kernel.group()) {
      throw new DeviceException(
          "kernel %s: the driver runs it in work groups of at most %d threads, it needs %d"
              .formatted(kernel.label(), largest, kernel.group()));
    }
  }

  /** Kernels made ready so far. */
  int loaded() {
    return loaded;
  }

  /** The time of that. */
  long nanos() {
    return nanos;
  }
}
