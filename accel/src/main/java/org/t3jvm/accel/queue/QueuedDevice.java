package org.t3jvm.accel.queue;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.slots.MoveSlots.Copy;
import org.t3jvm.accel.text.KernelText;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * A device that needs its driver and nothing else. Launches are queued and run in their order; the
 * host waits when it reads or fills a staging bank, and when it is far ahead. Copies between a
 * staging bank and another are transfers, with no kernel; those to the device are ordered only
 * after launches that use the same elements, and before those that do.
 */
public final class QueuedDevice implements Device {
  private static final int HEADER = KernelText.HEADER_BYTES;

  /** Launches between two starts of what is queued. */
  private static final int FLUSH_EVERY = 16;

  private final DeviceInfo info;
  private final KernelSource source;
  private final CommandQueue queue;
  private final LoadedKernels kernels;
  private final List<Bank> banks;
  private final Map<Bank, MemorySegment> buffers = new HashMap<>();
  private final Map<Bank, MemorySegment> staging = new HashMap<>();
  private final MemorySegment ints;
  private final MemorySegment floats;
  private final InFlight inFlight;
  private long launches;

  /**
   * @param source what the queue computes products and attention with
   * @param kernels that the queue launches
   */
  public QueuedDevice(
      DeviceInfo info,
      KernelSource source,
      CommandQueue queue,
      LoadedKernels kernels,
      List<Bank> banks) {
    this.info = info;
    this.source = source;
    this.queue = queue;
    this.kernels = kernels;
    this.banks = List.copyOf(banks);
    this.ints = queue.allocate(HEADER + JAVA_INT.byteSize() * Launch.MAX_INTS);
    this.floats = queue.allocate(HEADER + JAVA_FLOAT.byteSize() * Launch.MAX_FLOATS);
    this.inFlight = new InFlight(queue);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public KernelSource kernels() {
    return source;
  }

  @Override
  public List<Bank> banks() {
    return banks;
  }

  @Override
  public boolean sendsBesideLaunches() {
    return queue.sendsBesideLaunches();
  }

  @Override
  public DeviceCounts counts() {
    return new DeviceCounts(launches, kernels.loaded(), kernels.nanos());
  }

  @Override
  public void prepare(Collection<Launch> wanted) {
    wanted.forEach(launch -> queue.prepare(launch.kernel()));
  }

  @Override
  public void run(Launch launch) {
    try {
      Bank to = launch.banks().getFirst();
      Bank from = launch.banks().getLast();
      if (from.kind().isStaging()) {
        inFlight.lastUse(launch.operands().getFirst()).ifPresent(queue::sendAfter);
        CommandQueue.Sending sending =
            queue.send(buffer(to), at(launch, Copy.Y), part(launch, from, Copy.X));
        inFlight.sent(launch, sending.sent());
        sending.placed().ifPresent(event -> inFlight.placed(launch, event));
      } else if (to.kind().isStaging()) {
        inFlight.lastSent(launch).ifPresent(queue::launchAfter);
        inFlight.launched(
            launch, queue.read(buffer(from), at(launch, Copy.X), part(launch, to, Copy.Y)));
      } else {
        inFlight.lastSent(launch).ifPresent(queue::launchAfter);
        for (Launch part : LaunchParts.of(launch, queue.limits(launch.kernel()))) {
          start(launch, part);
        }
      }
      launches++;
      if (launches % FLUSH_EVERY == 0) {
        queue.flush();
      }
    } catch (DriverException e) {
      throw new DeviceException("kernel %s: %s".formatted(launch, e.getMessage()), e, launch);
    }
  }

  /** The byte of a bank's buffer at which an operand of a copy starts. */
  private static long at(Launch launch, int operand) {
    return HEADER + launch.intAt(operand) * Bank.ELEMENT_BYTES;
  }

  /** What a copy takes of a staging bank. */
  private MemorySegment part(Launch launch, Bank bank, int operand) {
    return host(bank)
        .asSlice(
            launch.intAt(operand) * Bank.ELEMENT_BYTES,
            launch.intAt(Copy.COUNT) * Bank.ELEMENT_BYTES);
  }

  /**
   * Queues a part of a launch.
   *
   * @param whole what is named if it fails
   */
  private void start(Launch whole, Launch launch) {
    MemorySegment numbers = inFlight.numbers();
    for (int i = 0; i < launch.intCount(); i++) {
      numbers.setAtIndex(JAVA_INT, i, launch.intAt(i));
    }
    long bytes = JAVA_INT.byteSize() * launch.intCount();
    List<MemorySegment> arguments = arguments(launch);
    inFlight.release(queue.write(ints, HEADER, numbers.asSlice(0, bytes)));
    if (launch.floatCount() > 0) {
      MemorySegment fractions = inFlight.fractions();
      for (int i = 0; i < launch.floatCount(); i++) {
        fractions.setAtIndex(JAVA_FLOAT, i, launch.floatAt(i));
      }
      inFlight.release(queue.write(floats, HEADER, fractions));
    }
    inFlight.launched(whole, queue.launch(launch, arguments));
  }

  private List<MemorySegment> arguments(Launch launch) {
    List<Bank> operands = launch.banks();
    List<MemorySegment> arguments = new ArrayList<>(operands.size() + 2);
    arguments.add(ints);
    arguments.add(floats);
    launch.kernel().arguments().forEach(i -> arguments.add(buffer(operands.get(i))));
    return arguments;
  }

  private MemorySegment buffer(Bank bank) {
    MemorySegment known = buffers.get(bank);
    if (known == null) {
      try {
        known = queue.allocate(HEADER + bank.bytes());
      } catch (DriverException e) {
        throw new DeviceException(
            "a bank of %d MiB of device memory cannot be allocated: %s"
                .formatted(bank.bytes() >> 20, e.getMessage()),
            e);
      }
      buffers.put(bank, known);
    }
    return known;
  }

  private MemorySegment host(Bank bank) {
    return staging.computeIfAbsent(bank, each -> queue.hostMemory(each.bytes()));
  }

  @Override
  public MemorySegment staging(Bank bank) {
    inFlight.await(bank);
    return host(bank);
  }

  @Override
  public void finish() {
    inFlight.finish();
  }

  @Override
  public void release() {
    inFlight.finish();
    try {
      buffers.values().forEach(queue::release);
    } catch (DriverException e) {
      throw new DeviceException("device memory cannot be released: " + e.getMessage(), e);
    }
    buffers.clear();
  }
}
