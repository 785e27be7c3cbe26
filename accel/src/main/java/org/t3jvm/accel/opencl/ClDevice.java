package org.t3jvm.accel.opencl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.accel.device.CacheFolder;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.slots.MoveSlots.Copy;
import org.t3jvm.accel.text.KernelText;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * A device that needs its driver and nothing else. Launches are queued and run in their order; the
 * host waits when it reads or fills a staging bank, and when it is far ahead. Copies between a
 * staging bank and another are transfers, with no kernel.
 */
final class ClDevice implements Device {
  private static final int HEADER = KernelText.HEADER_BYTES;

  /** The first arguments of a kernel; those after them are operands. */
  private static final int INTS = 0;

  private static final int FLOATS = 1;
  private static final int OPERANDS = 2;

  /** Launches between two starts of what is queued. */
  private static final int FLUSH_EVERY = 16;

  private final DeviceInfo info;
  private final ClQueue queue;
  private final ClKernels kernels;
  private final List<Bank> banks;
  private final Map<Bank, MemorySegment> buffers = new HashMap<>();
  private final Map<Bank, MemorySegment> staging = new HashMap<>();
  private final Map<DeviceKernel, MemorySegment[]> bound = new HashMap<>();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment ints;
  private final MemorySegment floats;
  private final InFlight inFlight;
  private long launches;

  ClDevice(OpenCl cl, MemorySegment device, DeviceInfo info, long budget, CacheFolder cache) {
    this.info = info;
    MemorySegment context = cl.context(device);
    this.queue = new ClQueue(cl, context, device);
    this.kernels =
        new ClKernels(
            cl,
            context,
            device,
            cache.of(info.name(), info.driver(), KernelText.OPENCL.fingerprint()));
    this.banks = BankSizes.ofDevice(budget, info.largestAllocation());
    this.ints = queue.allocate(HEADER + JAVA_INT.byteSize() * Launch.MAX_INTS);
    this.floats = queue.allocate(HEADER + JAVA_FLOAT.byteSize() * Launch.MAX_FLOATS);
    this.inFlight = new InFlight(queue, arena);
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public KernelSource kernels() {
    return KernelSource.JAVA;
  }

  @Override
  public List<Bank> banks() {
    return banks;
  }

  @Override
  public DeviceCounts counts() {
    return new DeviceCounts(launches, kernels.compiled(), kernels.nanos());
  }

  @Override
  public void prepare(Collection<Launch> wanted) {
    wanted.forEach(launch -> kernels.of(launch.kernel()));
  }

  @Override
  public void run(Launch launch) {
    try {
      Bank to = launch.banks().getFirst();
      Bank from = launch.banks().getLast();
      if (from.kind().isStaging()) {
        inFlight.add(
            launch, queue.write(buffer(to), at(launch, Copy.Y), part(launch, from, Copy.X)));
      } else if (to.kind().isStaging()) {
        inFlight.add(
            launch, queue.read(buffer(from), at(launch, Copy.X), part(launch, to, Copy.Y)));
      } else {
        start(launch);
      }
      launches++;
      if (launches % FLUSH_EVERY == 0) {
        queue.flush();
      }
    } catch (ClException e) {
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

  private void start(Launch launch) {
    MemorySegment kernel = kernels.of(launch.kernel());
    bind(launch, kernel);
    MemorySegment numbers = inFlight.numbers();
    for (int i = 0; i < launch.intCount(); i++) {
      numbers.setAtIndex(JAVA_INT, i, launch.intAt(i));
    }
    long bytes = JAVA_INT.byteSize() * launch.intCount();
    inFlight.release(queue.write(ints, HEADER, numbers.asSlice(0, bytes)));
    if (launch.floatCount() > 0) {
      MemorySegment fractions = inFlight.fractions();
      for (int i = 0; i < launch.floatCount(); i++) {
        fractions.setAtIndex(JAVA_FLOAT, i, launch.floatAt(i));
      }
      inFlight.release(queue.write(floats, HEADER, fractions));
    }
    Launch.Grid grid = launch.grid();
    inFlight.add(
        launch,
        queue.launch(
            kernel,
            new long[] {grid.x(), grid.y(), grid.z()},
            new long[] {grid.groupX(), grid.groupY(), 1}));
  }

  /** Binds what is not bound to the kernel already; the result is the last argument. */
  private void bind(Launch launch, MemorySegment kernel) {
    List<Bank> operands = launch.banks();
    int last = OPERANDS + operands.size() - 1;
    MemorySegment[] before =
        bound.computeIfAbsent(
            launch.kernel(),
            each -> {
              queue.argument(kernel, INTS, ints);
              queue.argument(kernel, FLOATS, floats);
              return new MemorySegment[last + 1];
            });
    for (int i = 0; i < operands.size(); i++) {
      int argument = i == 0 ? last : OPERANDS + i - 1;
      MemorySegment buffer = buffer(operands.get(i));
      if (!buffer.equals(before[argument])) {
        queue.argument(kernel, argument, buffer);
        before[argument] = buffer;
      }
    }
  }

  private MemorySegment buffer(Bank bank) {
    MemorySegment known = buffers.get(bank);
    if (known == null) {
      try {
        known = queue.allocate(HEADER + bank.bytes());
      } catch (ClException e) {
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
    return staging.computeIfAbsent(bank, each -> arena.allocate(each.bytes(), 64));
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
    } catch (ClException e) {
      throw new DeviceException("device memory cannot be released: " + e.getMessage(), e);
    }
    buffers.clear();
    bound.clear();
  }
}
