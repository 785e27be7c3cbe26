package org.t3jvm.accel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a device is.
 *
 * @param name the maker's name of it
 * @param driver the driver and its version
 * @param memory bytes
 * @param largestAllocation bytes of the largest buffer
 * @param localMemory bytes that a work group can share
 * @param group threads of the largest work group
 * @param gpu whether it is a GPU, and not a processor that a driver presents as a device
 * @param fp16 whether it computes with half floats
 * @param bf16 whether kernels can compute with BF16 there
 * @param tensorCores whether it has units for products of small matrices
 */
public record DeviceInfo(
    String name,
    String driver,
    long memory,
    long largestAllocation,
    long localMemory,
    long group,
    boolean gpu,
    boolean fp16,
    boolean bf16,
    boolean tensorCores) {

  /** As {@code NVIDIA H200, 139.8 GiB, GPU, fp16, bf16, tensor cores}. */
  public String description() {
    List<String> parts = new ArrayList<>();
    parts.add(name);
    parts.add(String.format(Locale.ROOT, "%.1f GiB", memory / (double) (1L << 30)));
    parts.add(gpu ? "GPU" : "CPU");
    parts.add(fp16 ? "fp16" : "no fp16");
    parts.add(bf16 ? "bf16" : "no bf16");
    parts.add(tensorCores ? "tensor cores" : "no tensor cores");
    return String.join(", ", parts);
  }

  /** Its driver and the limits of kernels, in one line. */
  public String limits() {
    return String.format(
        Locale.ROOT,
        "%s; allocations to %.1f GiB, local memory %d KiB, work groups to %d threads",
        driver,
        largestAllocation / (double) (1L << 30),
        localMemory >> 10,
        group);
  }
}
