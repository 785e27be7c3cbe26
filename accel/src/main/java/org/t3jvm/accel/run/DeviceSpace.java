package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.lower.Rounding;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * A device and what is allocated on it. All backends of one device share its memory, and their
 * programs run one after the other.
 */
public final class DeviceSpace {
  private static final List<Residency.Choice> CHOICES =
      List.of(Residency::whole, Residency::partial);

  private final String name;
  private final Device device;
  private final BankMemory memory;
  private final long most;
  private final Transfers transfers;
  private final Residents residents;

  /** By when they ran last, the longest ago first. */
  private final List<DeviceProgram> programs = new ArrayList<>();

  private final List<DeviceCarry> carries = new ArrayList<>();

  /**
   * @param name the name of the device's backends
   * @param budget bytes of device memory for parameters and values
   */
  public DeviceSpace(String name, Device device, long budget) {
    this(name, device, budget, BankSizes.LARGEST);
  }

  /**
   * As {@link #DeviceSpace(String, Device, long)}, for tests that divide small values.
   *
   * @param most elements of a value in one place, if it may be divided
   */
  public DeviceSpace(String name, Device device, long budget, long most) {
    this.name = name;
    this.device = device;
    List<Bank> kept = device.banks().stream().filter(bank -> !bank.kind().isStaging()).toList();
    this.memory = new BankMemory(budget, kept);
    this.most = Math.min(most, largest(Bank.Kind.FLOATS));
    this.transfers = new Transfers(device);
    this.residents = new Residents(memory, transfers);
  }

  /** The name of its backends. */
  public String name() {
    return name;
  }

  /** What the device computes products and attention with. */
  KernelSource kernels() {
    return device.kernels();
  }

  synchronized DeviceProgram compile(
      Graph graph,
      Parameters parameters,
      Precision precision,
      Host host,
      Consumer<DeviceProgram> onClose) {
    DeviceProgram program = new DeviceProgram(this, graph, parameters, precision, host, onClose);
    programs.add(program);
    return program;
  }

  synchronized DeviceCarry carry() {
    DeviceCarry carry = new DeviceCarry(this, memory, transfers);
    carries.add(carry);
    return carry;
  }

  /** What a run of a graph needs, if it has the device's memory for itself. */
  MemoryPlan plan(Graph graph, Precision precision, Host host) {
    long parameters = 0;
    for (Value value : graph.values()) {
      if (Residency.stays(value)) {
        parameters += value.shape().elements() * value.dtype().byteSize();
      }
    }
    long scratch =
        host.bytes(graph)
            + device.banks().stream()
                .filter(bank -> bank.kind().isStaging() || bank.kind() == Bank.Kind.SCRATCH)
                .mapToLong(Bank::bytes)
                .sum();
    Storage storage = storage(graph, precision);
    graph.values().forEach(value -> requireFits(storage, value));
    for (Residency.Choice choice : CHOICES) {
      BankMemory free = memory.empty();
      Optional<Residency> found =
          choice.of(graph, storage, free, new Residency.Reservation(free, storage.packing()));
      if (found.isPresent()) {
        Residency residency = found.get();
        return new MemoryPlan(
            residency.layout().bytes(), scratch, parameters, residency.streamedBytes());
      }
    }
    return new MemoryPlan(shortage(graph, storage), scratch, parameters);
  }

  /** Bytes of values that do not fit: if it is their sizes that do not, a bank's share more. */
  private long shortage(Graph graph, Storage storage) {
    long bytes = new Layout(graph, storage, value -> false).bytes();
    return Math.max(bytes, budget() + budget() / 8);
  }

  /** Fails if no bank can ever hold a value, and it may not be divided. */
  private void requireFits(Storage storage, Value value) {
    if (value.shape().elements() > BankSizes.LARGEST && !storage.isDivisible(value)) {
      throw new BackendException(
          "backend '%s' holds at most %d elements of a value that an op takes as a whole, not %s"
              .formatted(name, BankSizes.LARGEST, value));
    }
  }

  /**
   * Gives a program its places. If all its parameters do not fit beside other programs', those that
   * ran longest ago give theirs up, one after the other, then what runs hand on goes to the host;
   * if they do not fit in all of the memory, some are transferred in every run.
   */
  Binding bind(DeviceProgram program) {
    try {
      Optional<Binding> binding = Binding.of(program, memory, residents, Residency::whole);
      for (DeviceProgram other : programs) {
        if (binding.isEmpty() && other != program && other.unbind()) {
          binding = Binding.of(program, memory, residents, Residency::whole);
        }
      }
      if (binding.isEmpty()) {
        carries.forEach(DeviceCarry::toHost);
        binding = Binding.of(program, memory, residents, Residency::whole);
      }
      if (binding.isEmpty()) {
        // Open banks may be of sizes and kinds that are not needed now.
        if (memory.close()) {
          device.release();
        }
        for (Residency.Choice choice : CHOICES) {
          binding = binding.or(() -> Binding.of(program, memory, residents, choice));
        }
      }
      return binding.orElseThrow(() -> tooLarge(program));
    } catch (DeviceException e) {
      throw new BackendException(
          "backend '%s' failed while sending %s of parameters to %s: %s"
              .formatted(
                  name,
                  size(program.memoryPlan().parameters()),
                  device.info().name(),
                  e.getMessage()),
          e);
    }
  }

  private BackendException tooLarge(DeviceProgram program) {
    MemoryPlan plan = program.memoryPlan();
    String largest =
        new Layout(program.graph(), program.storage(), Residency::stays)
            .largest()
            .map(value -> "; its largest value is " + value)
            .orElse("");
    return new BackendException(
        "backend '%s': the graph needs %s for values and %s for parameters, more than fits the %s of device memory it may use%s"
            .formatted(
                name,
                size(plan.activations()),
                size(plan.parameters()),
                size(memory.budget()),
                largest));
  }

  /**
   * What a run that failed ends with.
   *
   * @param at the value that was being computed, if no launch of another one failed
   */
  BackendException failure(Binding bound, Value at, DeviceException e) {
    Value value = e.launch().flatMap(bound::valueOf).orElse(at);
    String operands =
        value.op().operands().stream().map(Value::toString).collect(Collectors.joining(", "));
    String of = operands.isEmpty() ? "" : " of " + operands;
    return new BackendException(
        "backend '%s' failed at %s%s: %s".formatted(name, value, of, e.getMessage()), e);
  }

  /** How the values of a graph lie and live here. */
  Storage storage(Graph graph, Precision precision) {
    return new Storage(
        graph,
        new Rounding(precision, device.kernels()),
        Math.min(most, precision == Precision.BF16 ? 2 * largest(Bank.Kind.WORDS) : most),
        budget() / Bank.ELEMENT_BYTES,
        device.sendsBesideLaunches());
  }

  private long largest(Bank.Kind kind) {
    return device.banks().stream()
        .filter(bank -> bank.kind() == kind)
        .mapToLong(Bank::elements)
        .max()
        .orElse(BankSizes.LARGEST);
  }

  /** Elements that kernels use while they run; none on devices without kernels that do. */
  List<Place> scratch() {
    return device.banks().stream()
        .filter(bank -> bank.kind() == Bank.Kind.SCRATCH)
        .map(bank -> new Place(bank, 0, bank.elements()))
        .toList();
  }

  Device device() {
    return device;
  }

  KeptInputs keptInputs() {
    return new KeptInputs(residents);
  }

  /** Bytes of device memory that programs may use. */
  public long budget() {
    return memory.budget();
  }

  Transfers transfers() {
    return transfers;
  }

  /** Makes a program the one that ran last. */
  void used(DeviceProgram program) {
    programs.remove(program);
    programs.add(program);
  }

  void closed(DeviceProgram program) {
    programs.remove(program);
  }

  void closed(DeviceCarry carry) {
    carries.remove(carry);
  }

  /** What went between host and device so far. */
  public synchronized TransferCounts transferCounts() {
    return transfers.counts();
  }

  /** What the device did so far. */
  public synchronized DeviceCounts deviceCounts() {
    return device.counts();
  }

  /** Compilation, launches and transfers so far, in one line. */
  synchronized String report() {
    DeviceCounts counts = device.counts();
    TransferCounts moved = transfers.counts();
    return String.format(
        Locale.ROOT,
        "%s on %s: %d kernels compiled in %.1f s, %d launches, %s of parameters and %s of inputs"
            + " sent, %s of results fetched",
        name,
        device.info().name(),
        counts.compiled(),
        counts.compileNanos() / 1e9,
        counts.launches(),
        size(moved.parameterBytes()),
        size(moved.inputBytes()),
        size(moved.outputBytes()));
  }

  private static String size(long bytes) {
    return bytes < 1 << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20))
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
