package org.t3jvm.accel.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.queue.LoadedKernels;
import org.t3jvm.accel.text.KernelText;

/**
 * Kernels compiled by a driver for a device, or taken as compiled before.
 *
 * @param cache of what this driver compiled of this text for this device
 */
record ClKernels(OpenCl cl, MemorySegment context, MemorySegment device, CacheFolder cache) {
  /** A kernel's function. */
  MemorySegment load(DeviceKernel kernel) {
    MemorySegment made = cl.kernel(program(kernel), kernel.entry());
    LoadedKernels.requireGroup(kernel, cl.largestGroup(made, device));
    return made;
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
}
