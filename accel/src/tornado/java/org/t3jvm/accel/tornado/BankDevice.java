package org.t3jvm.accel.tornado;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.kernels.MoveKernels;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.slots.MoveSlots;
import org.t3jvm.tensor.backend.KernelSource;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid3D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A device of TornadoVM. Each kernel on a set of banks is a task graph of one task, compiled when
 * it first runs; sizes and offsets are in an array that is transferred with every launch, so that a
 * graph serves all shapes. All graphs are of one plan and hand the banks on to whichever runs next;
 * new graphs make a new plan of the old graphs and the new ones, which keeps buffers and code.
 * Banks are released all at once, and all graphs with them.
 */
final class BankDevice implements Device {
  /** A graph of its own: a kernel and its banks, or the allocation of a bank. */
  private record Key(@Nullable DeviceKernel kernel, List<Bank> banks) {}

  private final TornadoDevice device;
  private final DeviceInfo info;
  private final KernelSource kernels;
  private final List<Bank> banks;
  private final Arrays arrays;
  private final KernelContext context = new KernelContext();
  private final IntArray ints = new IntArray(Launch.MAX_INTS);
  private final FloatArray floats = new FloatArray(Launch.MAX_FLOATS);
  private final KernelTasks tasks;
  private final Map<Key, Integer> numbers = new LinkedHashMap<>();
  private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
  private final Set<Key> compiled = new HashSet<>();
  private final Set<Bank> allocated = new HashSet<>();
  private @Nullable TornadoExecutionPlan plan;
  private @Nullable Integer lastRun;
  private int compilations;
  private int released;
  private int tickets;
  private long launches;
  private long compileNanos;

  BankDevice(
      TornadoDevice device, int index, long budget, Optional<NvidiaLibraries.Found> libraries) {
    this.device = device;
    this.kernels = libraries.isPresent() ? KernelSource.LIBRARY : KernelSource.JAVA;
    this.info = Descriptions.of(device, index);
    this.banks = new ArrayList<>(BankSizes.ofDevice(budget, info.largestAllocation()));
    if (info.bf16() && info.tensorCores()) {
      // One for each of two results: TornadoVM waits forever for a task that writes one array by
      // two arguments.
      banks.addAll(BankSizes.scratch());
    }
    this.arrays = new Arrays(banks);
    this.tasks = new KernelTasks(context, ints, floats, arrays, libraries.map(NvidiaKernels::new));
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public KernelSource kernels() {
    return kernels;
  }

  @Override
  public List<Bank> banks() {
    return banks;
  }

  @Override
  public MemorySegment staging(Bank bank) {
    return arrays.staging(bank);
  }

  /** Every launch is waited for. */
  @Override
  public void finish() {}

  @Override
  public DeviceCounts counts() {
    return new DeviceCounts(launches, compilations, compileNanos);
  }

  @Override
  public void prepare(Collection<Launch> wanted) {
    Set<Key> missing = new HashSet<>();
    for (Launch launch : wanted) {
      for (Bank bank : launch.banks()) {
        if (!bank.kind().isStaging()) {
          missing.add(new Key(null, List.of(bank)));
        }
      }
      missing.add(new Key(launch.kernel(), launch.banks()));
    }
    missing.removeAll(numbers.keySet());
    if (missing.isEmpty()) {
      return;
    }
    try {
      for (Key key : missing) {
        numbers.put(key, graphs.size());
        graphs.add(graph(key, graphs.size()));
      }
      TornadoExecutionPlan grown =
          new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
      plan = grown.withDevice(device);
      handOn();
    } catch (Throwable e) {
      throw Failures.of("the kernels of " + missing + " cannot be made ready", e);
    }
  }

  /** Runs an old graph, from which the graphs that are new to the plan take the banks over. */
  private void handOn() {
    for (Bank bank : allocated) {
      ints.set(MoveSlots.Touch.WRITES, 0);
      execute(new Key(null, List.of(bank)), Launch.Grid.elements(1));
      return;
    }
  }

  private ImmutableTaskGraph graph(Key key, int number) {
    TaskGraph graph = new TaskGraph(name(number));
    graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, ints, floats);
    Bank result = key.banks().getFirst();
    DeviceKernel kernel = key.kernel();
    Object[] kept = arrays.kept();
    if (kernel == null) {
      allocate(graph, result);
    } else {
      for (Bank bank : key.banks().subList(1, key.banks().size())) {
        if (bank.kind().isStaging()) {
          graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.of(bank));
        }
      }
      graph.consumeFromDevice(SOURCE, kept);
      tasks.add(graph, kernel, key.banks());
      if (result.kind().isStaging()) {
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.of(result));
      }
    }
    graph.transferToHost(DataTransferMode.EVERY_EXECUTION, ints);
    graph.persistOnDevice(kept);
    return graph.snapshot();
  }

  /** A graph that takes over all banks but the one that it writes to, and so allocates. */
  private void allocate(TaskGraph graph, Bank bank) {
    for (Object array : arrays.kept()) {
      if (array != arrays.of(bank)) {
        graph.consumeFromDevice(SOURCE, array);
      }
    }
    if (bank.kind() == Bank.Kind.WORDS) {
      graph.task(
          KernelTasks.TASK, MoveKernels::touchWords, context, ints, floats, arrays.words(bank));
    } else {
      graph.task(KernelTasks.TASK, MoveKernels::touch, context, ints, floats, arrays.floats(bank));
    }
  }

  /** No graph has this name: banks are taken from the graph that ran last, whichever it was. */
  private static final String SOURCE = "banks";

  /** No graph has the name of one that is gone, whose code TornadoVM may still know. */
  private String name(int number) {
    return "graph" + (released + number);
  }

  @Override
  public void release() {
    TornadoExecutionPlan current = plan;
    Integer last = lastRun;
    if (current != null && last != null) {
      try {
        // Every graph passes all banks on, so that the last one has all that are allocated.
        current.withGraph(last).freeDeviceMemory();
      } catch (Throwable e) {
        throw Failures.of("device memory cannot be released", e);
      }
    }
    released += graphs.size();
    graphs.clear();
    numbers.clear();
    compiled.clear();
    allocated.clear();
    plan = null;
    lastRun = null;
  }

  @Override
  public void run(Launch launch) {
    prepare(List.of(launch));
    for (Bank bank : launch.banks()) {
      if (!bank.kind().isStaging() && !allocated.contains(bank)) {
        allocate(bank);
      }
    }
    for (int i = 0; i < launch.intCount(); i++) {
      ints.set(i, launch.intAt(i));
    }
    for (int i = 0; i < launch.floatCount(); i++) {
      floats.set(i, launch.floatAt(i));
    }
    Key key = new Key(launch.kernel(), launch.banks());
    boolean isNew = compiled.add(key);
    long start = System.nanoTime();
    try {
      execute(key, launch.grid());
    } catch (Throwable e) {
      throw Failures.of("kernel " + launch, e);
    }
    launches++;
    if (isNew) {
      compilations++;
      compileNanos += System.nanoTime() - start;
    }
  }

  private void allocate(Bank bank) {
    try {
      ints.set(MoveSlots.Touch.WRITES, 0);
      execute(new Key(null, List.of(bank)), Launch.Grid.elements(1));
    } catch (Throwable e) {
      throw Failures.of(
          "a bank of %d MiB of device memory cannot be allocated".formatted(bank.bytes() >> 20), e);
    }
    allocated.add(bank);
  }

  private void execute(Key key, Launch.Grid grid) {
    Integer number = numbers.get(key);
    TornadoExecutionPlan current = plan;
    if (number == null || current == null) {
      throw new IllegalStateException(key + " is not prepared");
    }
    int ticket = ++tickets;
    ints.set(Launch.TICKET, ticket);
    ints.set(Launch.STAMP, 0);
    lastRun = number;
    TornadoExecutionPlan selected = current.withGraph(number);
    if (key.kernel() == null || !tasks.isLibrary(key.kernel())) {
      WorkerGrid workers = new WorkerGrid3D(grid.x(), grid.y(), grid.z());
      workers.setLocalWork(grid.groupX(), grid.groupY(), 1);
      selected =
          selected.withGridScheduler(
              new GridScheduler(name(number) + "." + KernelTasks.TASK, workers));
    }
    selected.execute();
    if (ints.get(Launch.STAMP) != ticket) {
      throw new IllegalStateException("the driver did not run it; standard output may say why");
    }
  }
}
