package org.t3jvm.model.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.t3jvm.job.Compute;
import org.t3jvm.job.JobException;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.fit.KeptRates;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.Rates;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.DeviceOffer;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;

/** Opens the backend that a job asks for. */
public record BackendChoice(Compute compute, RunOptions options) {
  /** The backend that can use NVIDIA's libraries. */
  private static final String WITH_LIBRARIES = "cuda";

  /** What {@code auto} asks for, best first. */
  private static final List<String> PREFERRED = List.of("cuda", "ptx", "opencl");

  /**
   * Opens the backend.
   *
   * @param note gets why {@code auto} falls back to the cpu; nothing else ever falls back
   * @throws JobException if the backend cannot compute as the job asks
   * @throws BackendException if the backend cannot start
   */
  public Backend open(Consumer<String> note) {
    requirePossible();
    Backend opened = start(note);
    if (compute.precision() != null && compute.precision() != opened.precision()) {
      String name = opened.name();
      opened.close();
      throw new JobException(
          "compute.precision %s is not for compute.backend %s, which computes in %s"
              .formatted(lower(compute.precision()), name, lower(opened.precision())));
    }
    return opened;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Fails if no machine can do what is asked for. */
  public void requirePossible() {
    if (compute.kernels() == KernelSource.LIBRARY && !compute.backend().equals(WITH_LIBRARIES)) {
      throw new JobException(
          "compute.kernels library is for compute.backend %s, not for %s"
              .formatted(WITH_LIBRARIES, compute.backend()));
    }
    if (compute.precision() == Precision.INT8 && !compute.backend().equals(Compute.CPU)) {
      throw new JobException(
          "compute.precision int8 is for compute.backend %s, not for %s"
              .formatted(Compute.CPU, compute.backend()));
    }
  }

  private Backend start(Consumer<String> note) {
    if (!compute.backend().equals(Compute.AUTO)) {
      return Backends.named(compute.backend()).open(settings(options.device()));
    }
    List<DeviceRanking.Candidate> ranked = DeviceRanking.of(candidates());
    if (ranked.isEmpty()) {
      note.accept("backend auto: cpu, since no GPU can be used");
      PREFERRED.forEach(name -> note.accept("  %s: %s".formatted(name, against(name))));
      return Backends.named(Compute.CPU).open(settings(0));
    }
    DeviceRanking.Candidate best = ranked.getFirst();
    note.accept("backend auto: " + best.description());
    ranked.stream().skip(1).forEach(each -> note.accept("  before " + each.description()));
    return Backends.named(best.backend()).open(settings(best.offer().device()));
  }

  /** The GPUs of all backends; of one number only, if the options name another than the first. */
  private List<DeviceRanking.Candidate> candidates() {
    List<DeviceRanking.Candidate> candidates = new ArrayList<>();
    for (String name : PREFERRED) {
      for (DeviceOffer offer : Backends.named(name).offers()) {
        if (options.device() == 0 || options.device() == offer.device()) {
          candidates.add(new DeviceRanking.Candidate(name, offer));
        }
      }
    }
    return candidates;
  }

  private BackendOptions settings(int device) {
    return new BackendOptions(
        options.workers(),
        device,
        options.deviceMemory(),
        Optional.ofNullable(compute.kernels()),
        Optional.ofNullable(compute.precision()),
        Optional.ofNullable(options.runtime()));
  }

  /** Why a backend has no GPU to choose. */
  private static String against(String name) {
    return switch (Backends.named(name).availability()) {
      case Availability.Unavailable unavailable -> unavailable.description();
      case Availability.Usable usable ->
          usable.description() + " is no GPU, or it fails its test: see t3 devices";
    };
  }

  /** What a backend reaches: of its peak, as kept, or measured. */
  public Rates rates(Backend opened) {
    Path folder = options.rates();
    String way =
        "%s-device%d-%dthreads"
            .formatted(
                compute.kernels() == null ? "default" : lower(compute.kernels()),
                options.device(),
                options.workers());
    return folder == null ? Rates.of(opened) : new KeptRates(folder).of(opened, way);
  }

  /** What values may take: of the device's memory, or what the JVM leaves of the machine's. */
  public MemoryBudget budget(Backend opened) {
    OptionalLong limit = opened.memoryLimit();
    if (limit.isPresent()) {
      return new MemoryBudget(limit.getAsLong(), "options.deviceMemory");
    }
    return (options.memory() == 0 ? MemoryBudget.free() : new MemoryBudget(options.memory(), true))
        .beside(MemoryBudget.JVM);
  }
}
