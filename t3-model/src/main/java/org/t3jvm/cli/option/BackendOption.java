package org.t3jvm.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Kernels;
import org.t3jvm.tensor.backend.Precision;
import picocli.CommandLine.Option;

/** Which backend computes, on which device, with what of the machine. */
public final class BackendOption {
  private static final int MAX_THREADS = 1024;

  private static final String CPU = "cpu";
  private static final String AUTO = "auto";

  /** The backend that can use NVIDIA's libraries. */
  private static final String WITH_LIBRARIES = "cuda";

  /** What {@code auto} asks for, best first. */
  private static final List<String> PREFERRED = List.of("cuda", "ptx", "opencl");

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "cpu, opencl, ptx, cuda or auto, see t3 devices; auto takes a GPU if one can be used,"
              + " else cpu (default: ${DEFAULT-VALUE}).")
  private String backend = CPU;

  @Option(
      names = "--device",
      paramLabel = "N",
      description = "Which device of a GPU backend, from 0, see t3 devices (default: 0).")
  private int device;

  @Option(
      names = "--device-memory",
      paramLabel = "SIZE",
      description =
          "Device memory that a GPU backend may use, such as 12g; weights that do not fit are"
              + " streamed (default: 80%% of the device's).")
  private @Nullable String deviceMemory;

  @Option(
      names = "--kernels",
      paramLabel = "java|library",
      description =
          "What the cuda backend computes products and attention with: this project's kernels, or"
              + " NVIDIA's cuBLASLt and cuDNN (default: the libraries where they are installed).")
  private @Nullable Kernels kernels;

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16",
      description =
          "What a device rounds the operands of large products and attention to; sums are F32"
              + " (default: bf16 where its tensor cores take that, as upstream does; else f32).")
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
   * Fails if a value cannot be, before anything is opened.
   *
   * @throws UsageException naming the option
   */
  public BackendOptions settings() {
    if (threads != null && (threads < 1 || threads > MAX_THREADS)) {
      throw new UsageException(
          "--threads is %d, must be from 1 to %d".formatted(threads, MAX_THREADS));
    }
    if (device < 0) {
      throw new UsageException("--device is %d, must be at least 0".formatted(device));
    }
    int workers = threads == null ? BackendOptions.defaults().threads() : threads;
    long bytes = deviceMemory == null ? 0 : parsed("--device-memory", deviceMemory).bytes();
    if (kernels == Kernels.LIBRARY && !backend.equals(WITH_LIBRARIES)) {
      throw new UsageException(
          "--kernels library is for --backend %s, not for %s".formatted(WITH_LIBRARIES, backend));
    }
    return new BackendOptions(
        workers, device, bytes, Optional.ofNullable(kernels), Optional.ofNullable(precision));
  }

  private static MemoryBudget parsed(String option, String size) {
    try {
      return MemoryBudget.parse(size);
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s: %s".formatted(option, e.getMessage()));
    }
  }

  /**
   * Opens the backend.
   *
   * @param note hears why {@code auto} falls back to the cpu; nothing else ever falls back
   * @throws BackendException if the backend cannot start
   */
  public Backend open(Consumer<String> note) {
    BackendOptions settings = settings();
    if (!backend.equals(AUTO)) {
      return Backends.named(backend).open(settings);
    }
    List<String> reasons = new ArrayList<>();
    for (String name : PREFERRED) {
      BackendProvider provider = Backends.named(name);
      Optional<String> reason = against(provider);
      if (reason.isEmpty()) {
        note.accept("--backend auto: " + name);
        return provider.open(settings);
      }
      reasons.add(name + ": " + reason.get());
    }
    note.accept("--backend auto: cpu, since no GPU can be used");
    reasons.forEach(reason -> note.accept("  " + reason));
    return Backends.named(CPU).open(settings);
  }

  /** Why a backend is no automatic choice, or nothing. */
  private static Optional<String> against(BackendProvider provider) {
    Availability availability = provider.availability();
    if (availability instanceof Availability.Unavailable unavailable) {
      return Optional.of(unavailable.description());
    }
    return provider.isAccelerator()
        ? Optional.empty()
        : Optional.of(availability.description() + " is no GPU");
  }

  /** What values may take: of the device's memory, or what the JVM leaves of the machine's. */
  public MemoryBudget budget(Backend opened) {
    OptionalLong limit = opened.memoryLimit();
    if (limit.isPresent()) {
      return new MemoryBudget(limit.getAsLong(), "--device-memory");
    }
    return (memory == null ? MemoryBudget.free() : parsed("--memory", memory))
        .beside(MemoryBudget.JVM);
  }
}
