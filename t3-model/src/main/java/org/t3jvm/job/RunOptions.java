package org.t3jvm.job;

import static org.t3jvm.job.JobException.require;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.DeviceRuntime;

/**
 * How the machine is used; none of it changes a pixel.
 *
 * @param threads worker threads of the cpu backend; 0 for one a processor
 * @param device which device of a GPU backend, from 0
 * @param deviceMemory bytes of device memory that may be used; 0 for the backend's default
 * @param runtime what starts the kernels of a GPU backend; null for the driver where it can do
 * @param memory bytes that the process may take beside the weights; 0 for what is free
 * @param textCache folder that keeps encoded negative prompts; null to keep none
 * @param rates folder that keeps for 30 days what a backend reaches whose kernels must be run to
 *     know it; null to measure it in each session
 * @param profile file that a trace of where the time goes is written to on close; null for none
 */
public record RunOptions(
    int threads,
    int device,
    long deviceMemory,
    @Nullable DeviceRuntime runtime,
    long memory,
    @Nullable Path textCache,
    @Nullable Path rates,
    @Nullable Path profile) {
  /** All of the machine. */
  public static final RunOptions DEFAULT = new RunOptions(0, 0, 0, null, 0, null, null, null);

  /** Worker threads, at least 1. */
  public int workers() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  public RunOptions {
    require(threads >= 0, "options.threads", threads, "at least 0");
    require(device >= 0, "options.device", device, "at least 0");
    require(deviceMemory >= 0, "options.deviceMemory", deviceMemory, "at least 0");
    require(memory >= 0, "options.memory", memory, "at least 0");
  }
}
