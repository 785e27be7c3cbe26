package org.t3jvm.accel.opencl;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.text.KernelText;

/** The kernels of a device, each compiled when it is first needed, or taken as compiled before. */
final class ClKernels {
  private final OpenCl cl;
  private final MemorySegment context;
  private final MemorySegment device;
  private final CacheFolder cache;
  private final Map<DeviceKernel, MemorySegment> kernels = new EnumMap<>(DeviceKernel.class);
  private int compiled;
  private long nanos;

  /**
   * @param cache of what this driver compiled of this text for this device
   */
  ClKernels(OpenCl cl, MemorySegment context, MemorySegment device, CacheFolder cache) {
    this.cl = cl;
    this.context = context;
    this.device = device;
    this.cache = cache;
  }

  /**
   * A kernel's function.
   *
   * @throws DeviceException if the driver does not compile it, or only for smaller work groups
   */
  MemorySegment of(DeviceKernel kernel) {
    MemorySegment known = kernels.get(kernel);
    if (known != null) {
      return known;
    }
    long start = System.nanoTime();
    try {
      MemorySegment made = cl.kernel(program(kernel), kernel.entry());
      long largest = cl.largestGroup(made, device);
      if (largest < kernel.group()) {
        throw new DeviceException(
            "kernel %s: the driver runs it in work groups of at most %d threads, it needs %d"
                .formatted(kernel.label(), largest, kernel.group()));
      }
      kernels.put(kernel, made);
      return made;
    } catch (ClException e) {
      throw new DeviceException(
          "kernel %s cannot be compiled: %s".formatted(kernel.label(), e.getMessage()), e);
    } finally {
      compiled++;
      nanos += System.nanoTime() - start;
    }
  }

  private MemorySegment program(DeviceKernel kernel) {
    Optional<byte[]> kept = cache.read(kernel.label());
    if (kept.isPresent()) {
      try {
        return cl.load(context, device, kept.get());
      } catch (ClException e) {
        // Of another driver that calls itself the same: compiled anew.
      }
    }
    MemorySegment program = cl.compile(context, device, KernelText.OPENCL.of(kernel));
    byte[] binary = cl.binary(program);
    if (binary.length > 0) {
      cache.write(kernel.label(), binary);
    }
    return program;
  }

  /** Kernels made ready so far. */
  int compiled() {
    return compiled;
  }

  /** The time of that. */
  long nanos() {
    return nanos;
  }
}
