package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Compute;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.DeviceRuntime;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which backend computes, on which device, with what of the machine. */
public final class BackendOption {
  private static final int MAX_THREADS = 1024;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "cpu, opencl, ptx, cuda or auto, see t3 devices; auto takes a GPU if one can be used,"
              + " else cpu (default: cpu).")
  private @Nullable String backend;

  @Mixin private final DeviceOption device = new DeviceOption();

  @Option(
      names = "--device-memory",
      paramLabel = "SIZE",
      description =
          "Device memory that a GPU backend may use, such as 12g; weights that do not fit are"
              + " streamed (default: 80%% of the device's).")
  private @Nullable String deviceMemory;

  @Option(
      names = "--runtime",
      paramLabel = "driver|tornado",
      description =
          "What starts the kernels of a GPU backend: its driver alone, or TornadoVM, which needs"
              + " its SDK in TORNADOVM_HOME (default: driver; ptx runs by tornado only).")
  private @Nullable DeviceRuntime runtime;

  @Option(
      names = "--kernels",
      paramLabel = "java|library",
      description =
          "What the cuda backend computes products and attention with: this project's kernels, or"
              + " NVIDIA's cuBLASLt and cuDNN (default: the libraries where they are installed).")
  private @Nullable KernelSource kernels;

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16|int8",
      description =
          "What the operands of large products and attention are rounded to; sums are F32; int8:"
              + " those of linear layers to int8 with scales, others to bf16, on the cpu backend"
              + " (default: bf16 on devices whose tensor cores take that, as upstream does; else"
              + " f32).")
  private @Nullable Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads of the cpu backend (default: one a processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Memory for the process but for weights, which stay in their files, such as 12g; the"
              + " video is the same, bit for bit, whatever it is (default: what is free).")
  private @Nullable String memory;

  /**
   * A job that is computed as the options say, where they say anything.
   *
   * @throws UsageException if there is no such backend
   */
  public void applyTo(VideoJobBuilder job) {
    if (backend != null) {
      job.backend(backend.equals(Compute.AUTO) ? backend : known(backend));
    }
    if (kernels != null) {
      job.kernels(kernels);
    }
    if (precision != null) {
      job.precision(precision);
    }
  }

  /** Whether a backend is named that is not the one of {@code compute}. */
  public boolean isOther(Compute compute) {
    return backend != null && !backend.equals(compute.backend());
  }

  /**
   * The name of a backend.
   *
   * @throws UsageException if there is no such backend
   */
  public static String known(String name) {
    try {
      return Backends.named(name).name();
    } catch (BackendException e) {
      throw new UsageException("--backend: " + e.getMessage());
    }
  }

  /**
   * How the machine is used.
   *
   * @throws UsageException naming the option
   */
  public RunOptions options(@Nullable Path textCache, @Nullable Path profile) {
    if (threads != null && (threads < 1 || threads > MAX_THREADS)) {
      throw new UsageException(
          "--threads is %d, must be from 1 to %d".formatted(threads, MAX_THREADS));
    }
    return new RunOptions(
        threads == null ? 0 : threads,
        device.device(),
        deviceMemory == null ? 0 : bytes("--device-memory", deviceMemory),
        runtime,
        memory == null ? 0 : bytes("--memory", memory),
        textCache,
        TextOptions.userCache(System.getenv(), "rates"),
        profile);
  }

  /** At least one byte, since none stands for the default. */
  private static long bytes(String option, String size) {
    try {
      return Math.max(1, MemoryBudget.parse(size).bytes());
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s: %s".formatted(option, e.getMessage()));
    }
  }
}
