package org.t3jvm.accel.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.nvidia.NativeStubs;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Precision;

/**
 * CUDA's driver as far as a device needs it, without a GPU and without a compiler: the PTX that is
 * passed to it is run, instruction by instruction. Memory is full of NaN at first. Launches run at
 * once; what fails in them is found at the next wait, and from then on by every call.
 */
public final class FakeCuda {
  private static final int INVALID_VALUE = 1;
  private static final int OUT_OF_MEMORY = 2;
  private static final int INVALID_PTX = 218;
  private static final int NOT_FOUND = 500;
  private static final int NOT_READY = 600;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final long LARGE = 256L << 20;
  private static final long ALIGNMENT = 256;

  final NativeStubs stubs = new NativeStubs();

  /** Attributes of the device by number. */
  final Map<Integer, Integer> attributes =
      new HashMap<>(Map.of(1, 1024, 6, 65_535, 7, 65_535, 8, 49_152, 17, 0, 75, 9, 76, 0));

  /** Kernels in the order of their launches. */
  final List<String> launched = new ArrayList<>();

  /** What a launch of a kernel leads to. */
  final Map<String, Integer> failures = new HashMap<>();

  /** Floating-point operations a second that it is said to reach. */
  private double rate = Double.POSITIVE_INFINITY;

  /** The first is for launches, the second for what is sent. */
  final FakeStreams streams = new FakeStreams();

  private String wrong = "";

  private int launchesLeft = Integer.MAX_VALUE;

  /** What starting returns. */
  int start;

  int devices = 1;

  /** Bytes of memory that other processes took. */
  long taken;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final Map<Long, Long> allocated = new HashMap<>();
  private final Map<Long, Deque<Long>> freed = new HashMap<>();
  private final List<PtxKernel> modules = new ArrayList<>();
  private long used;
  private int status;
  private long next = 1;

  /**
   * @param size bytes of the device's memory
   */
  public FakeCuda(long size) {
    this.memory = arena.allocate(size, ALIGNMENT);
    stubs.with("cuInit", "II", a -> start);
    stubs.with("cuDriverGetVersion", "IP", a -> put(a[0], 12_040));
    stubs.with("cuDeviceGetCount", "IP", a -> put(a[0], devices));
    stubs.with("cuDeviceGetName", "IPII", this::name);
    stubs.with("cuDeviceTotalMem_v2", "IPI", a -> putLong(a[0], size));
    stubs.with(
        "cuDeviceGetAttribute", "IPII", a -> put(a[0], attributes.getOrDefault((int) a[1], 0)));
    stubs.with("cuDevicePrimaryCtxRetain", "IPI", a -> putLong(a[0], 8));
    stubs.with("cuCtxSetCurrent", "IJ", a -> (long) a[0] == 8 ? status : INVALID_VALUE);
    stubs.with("cuModuleLoadDataEx", "IPPIPP", this::load);
    stubs.with("cuModuleGetFunction", "IPJP", this::function);
    stubs.with("cuFuncGetAttribute", "IPIJ", a -> put(a[0], 1024));
    stubs.with("cuStreamCreate", "IPI", a -> putLong(a[0], streams.create()));
    stubs.with(
        "cuStreamWaitEvent", "IJJI", a -> streamed(() -> streams.await((long) a[0], (long) a[1])));
    stubs.with("cuEventCreate", "IPI", a -> putLong(a[0], next++));
    stubs.with(
        "cuEventRecord", "IJJ", a -> streamed(() -> streams.record((long) a[0], (long) a[1])));
    stubs.with("cuEventSynchronize", "IJ", a -> streamed(() -> streams.finish((long) a[0])));
    stubs.with(
        "cuEventQuery", "IJ", a -> status != 0 || streams.isDone((long) a[0]) ? status : NOT_READY);
    stubs.with("cuMemAlloc_v2", "IPJ", a -> allocate(a[0], (long) a[1]));
    stubs.with("cuMemFree_v2", "IJ", a -> free((long) a[0]));
    stubs.with(
        "cuMemHostAlloc", "IPJI", a -> putLong(a[0], arena.allocate((long) a[1], 64).address()));
    stubs.with("cuMemcpyHtoDAsync_v2", "IJPJJ", a -> copy((long) a[3], a[0], a[1], (long) a[2]));
    stubs.with("cuMemcpyDtoHAsync_v2", "IPJJJ", a -> copy((long) a[3], a[0], a[1], (long) a[2]));
    stubs.with("cuStreamSynchronize", "IJ", a -> status);
    stubs.with("cuMemsetD32Async", "IJIJJ", a -> put(a[0], (int) a[1]));
    stubs.with("cuLaunchKernel", "IJIIIIIIIJPP", this::launch);
  }

  /** Has it compute the first element of a kernel's results one too large. */
  public void computesWrong(String kernel) {
    wrong = kernel;
  }

  /**
   * Has it refuse launches of more blocks along y or z, and be a slow device of a display.
   *
   * @param operations floating-point operations a second that it is said to reach
   */
  public void limit(int blocks, double operations) {
    attributes.putAll(Map.of(6, blocks, 7, blocks, 17, 1));
    rate = operations;
  }

  /** How often a kernel was launched. */
  public long launches(String kernel) {
    return launched.stream().filter(kernel::equals).count();
  }

  /** Has it lose the device after so many launches. */
  public void loseAfter(int launches) {
    launchesLeft = launches;
  }

  /** A device of it that computes with this project's kernels. */
  public Device device(long budget) {
    return device(budget, Optional.empty());
  }

  /** A device of it. */
  public Device device(long budget, Optional<NvidiaLibraries.Found> libraries) {
    return CudaDevices.open(new Cuda(stubs), 0, budget, rate, libraries);
  }

  /** Where its functions are. */
  public SymbolLookup functions() {
    return stubs;
  }

  /** A backend on a device of it. */
  public static Backend backend(Precision precision) {
    long budget = LARGE * 3 / 4;
    return new DeviceBackend(
        new DeviceSpace("cuda", new FakeCuda(LARGE).device(budget), budget), precision, 1);
  }

  private static long put(Object address, int value) {
    NativeStubs.at(address).set(ValueLayout.JAVA_INT, 0, value);
    return 0;
  }

  private static long putLong(Object address, long value) {
    NativeStubs.at(address).set(ValueLayout.JAVA_LONG, 0, value);
    return 0;
  }

  private long name(Object... a) {
    NativeStubs.at(a[0]).setString(0, "a stand-in");
    return 0;
  }

  private long load(Object... a) {
    String ptx = NativeStubs.at(a[1]).getString(0, StandardCharsets.US_ASCII);
    try {
      modules.add(new PtxKernel(ptx));
    } catch (IllegalArgumentException e) {
      MemorySegment values = NativeStubs.at(a[4]);
      NativeStubs.at(values.get(ValueLayout.JAVA_LONG, 0)).setString(0, "ptxas: " + e.getMessage());
      return INVALID_PTX;
    }
    return putLong(a[0], modules.size());
  }

  private long function(Object... a) {
    PtxKernel kernel = modules.get((int) (long) a[1] - 1);
    return NativeStubs.at(a[2]).getString(0).equals(kernel.entry())
        ? putLong(a[0], (long) a[1])
        : NOT_FOUND;
  }

  private long allocate(Object address, long bytes) {
    long size = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Long again = freed.getOrDefault(size, new ArrayDeque<>()).pollFirst();
    if (again == null && taken + used + size > memory.byteSize()) {
      return OUT_OF_MEMORY;
    }
    long at = again != null ? again : memory.address() + used;
    used += again != null ? 0 : size;
    allocated.put(at, size);
    memory.asSlice(at - memory.address(), size).fill((byte) -1);
    return putLong(address, at);
  }

  private long free(long address) {
    streams.finish();
    Long size = allocated.remove(address);
    if (size == null) {
      return INVALID_VALUE;
    }
    freed.computeIfAbsent(size, each -> new ArrayDeque<>()).add(address);
    return status;
  }

  private long copy(long stream, Object to, Object from, long bytes) {
    return streamed(
        () ->
            streams.add(
                stream,
                () -> MemorySegment.copy(NativeStubs.at(from), 0, NativeStubs.at(to), 0, bytes)));
  }

  /** Does something unless the device is lost, and returns whether it is then. */
  private long streamed(Runnable runs) {
    if (status == 0) {
      runs.run();
    }
    return status;
  }

  private long launch(Object... a) {
    int[] grid = new int[6];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (int) a[1 + i];
    }
    if (grid[1] > attributes.getOrDefault(6, 0)
        || grid[2] > attributes.getOrDefault(7, 0)
        || status != 0) {
      return status != 0 ? status : INVALID_VALUE;
    }
    PtxKernel kernel = modules.get((int) (long) a[0] - 1);
    launched.add(kernel.entry());
    long[] arguments = new long[kernel.parameters()];
    for (int i = 0; i < arguments.length; i++) {
      long pointer = NativeStubs.at(a[9]).getAtIndex(ValueLayout.JAVA_LONG, i);
      arguments[i] = NativeStubs.at(pointer).get(ValueLayout.JAVA_LONG, 0);
    }
    streams.add((long) a[8], () -> run(kernel, grid, arguments));
    return 0;
  }

  private void run(PtxKernel kernel, int[] grid, long... arguments) {
    int failure =
        --launchesLeft < 0 ? LAUNCH_FAILED : failures.getOrDefault(kernel.entry(), status);
    if (failure != 0) {
      status = failure;
      return;
    }
    try {
      kernel.launch(grid, memory, arguments);
    } catch (IndexOutOfBoundsException e) {
      status = ILLEGAL_ADDRESS;
    }
    if (kernel.entry().equals(wrong)) {
      falsify(arguments);
    }
  }

  /** Makes the first element of a result one more. */
  private void falsify(long... arguments) {
    MemorySegment ints = NativeStubs.at(arguments[0] + 16);
    int resultAt = ints.get(ValueLayout.JAVA_INT, 0);
    MemorySegment result = NativeStubs.at(arguments[arguments.length - 1] + 16);
    float first = result.getAtIndex(ValueLayout.JAVA_FLOAT, resultAt);
    result.setAtIndex(ValueLayout.JAVA_FLOAT, resultAt, first + 1);
  }
}
