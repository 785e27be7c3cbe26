package org.t3jvm.accel.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;
import static org.t3jvm.accel.nvidia.NativeFunctions.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.nvidia.LibraryFunction;
import org.t3jvm.accel.nvidia.NativeFunctions;
import org.t3jvm.accel.nvidia.NvidiaKernels;
import org.t3jvm.accel.queue.CommandQueue;
import org.t3jvm.accel.queue.LaunchLimits;
import org.t3jvm.accel.queue.LoadedKernels;
import org.t3jvm.accel.text.KernelText;

/**
 * Two streams of CUDA, one for launches and one for what is sent. After a kernel failed, the driver
 * answers every call with that failure, so that each command of which nothing is known is taken for
 * the one that failed.
 */
final class CudaQueue implements CommandQueue {
  /** Of a stream that does not wait for the default one. */
  private static final int NON_BLOCKING = 1;

  /** Of an event that is waited for without a busy loop, and takes no time. */
  private static final int BLOCKING_WITHOUT_TIME = 3;

  private static final int SUCCESS = 0;
  private static final int NOT_READY = 600;
  private static final int MOST_ARGUMENTS = 16;

  private final Cuda cuda;
  private final long context;
  private final long stream;
  private final long sending;
  private final LoadedKernels kernels;
  private final LaunchLimits limits;
  private final Optional<NvidiaKernels> libraries;
  private final NativeFunctions.Function allocate;
  private final NativeFunctions.Function free;
  private final NativeFunctions.Function allocateHost;
  private final NativeFunctions.Function write;
  private final NativeFunctions.Function read;
  private final NativeFunctions.Function run;
  private final NativeFunctions.Function createEvent;
  private final NativeFunctions.Function record;
  private final NativeFunctions.Function await;
  private final NativeFunctions.Function query;
  private final NativeFunctions.Function waitFor;
  private final Deque<Long> idleEvents = new ArrayDeque<>();

  // Memory for the arguments of calls, which are made by one thread at a time.
  private final Arena arena = Arena.ofShared();
  private final MemorySegment values = arena.allocate(JAVA_LONG, MOST_ARGUMENTS);
  private final MemorySegment pointers = arena.allocate(ADDRESS, MOST_ARGUMENTS);

  /**
   * @param libraries what runs the kernels that NVIDIA's libraries have, if anything
   */
  CudaQueue(
      Cuda cuda,
      long context,
      LoadedKernels kernels,
      LaunchLimits limits,
      Optional<NvidiaKernels> libraries) {
    this.cuda = cuda;
    this.limits = limits;
    this.context = context;
    this.kernels = kernels;
    this.libraries = libraries;
    this.allocate = cuda.function("cuMemAlloc_v2", HOST, LONG);
    this.free = cuda.function("cuMemFree_v2", HANDLE);
    this.allocateHost = cuda.function("cuMemHostAlloc", HOST, LONG, INT);
    this.write = cuda.function("cuMemcpyHtoDAsync_v2", HANDLE, HOST, LONG, HANDLE);
    this.read = cuda.function("cuMemcpyDtoHAsync_v2", HOST, HANDLE, LONG, HANDLE);
    this.run =
        cuda.function(
            "cuLaunchKernel", HANDLE, INT, INT, INT, INT, INT, INT, INT, HANDLE, HOST, HOST);
    this.createEvent = cuda.function("cuEventCreate", HOST, INT);
    this.record = cuda.function("cuEventRecord", HANDLE, HANDLE);
    this.await = cuda.function("cuEventSynchronize", HANDLE);
    this.query = cuda.function("cuEventQuery", HANDLE);
    this.waitFor = cuda.function("cuStreamWaitEvent", HANDLE, HANDLE, INT);
    NativeFunctions.Function create = cuda.function("cuStreamCreate", HOST, INT);
    cuda.use(context);
    this.stream = Cuda.handle(answer -> create.call("the device", answer, NON_BLOCKING));
    this.sending = Cuda.handle(answer -> create.call("the device", answer, NON_BLOCKING));
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      pointers.setAtIndex(ADDRESS, i, values.asSlice(i * JAVA_LONG.byteSize()));
    }
  }

  @Override
  public MemorySegment allocate(long bytes) {
    cuda.use(context);
    return MemorySegment.ofAddress(
        Cuda.handle(answer -> allocate.call(bytes + " bytes", answer, bytes)));
  }

  @Override
  public void release(MemorySegment buffer) {
    cuda.use(context);
    free.call("a bank", buffer.address());
  }

  @Override
  @SuppressWarnings("restricted")
  public MemorySegment hostMemory(long bytes) {
    cuda.use(context);
    long address =
        Cuda.handle(
            answer -> allocateHost.call(bytes + " bytes of the host's memory", answer, bytes, 0));
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  @Override
  public LaunchLimits limits(DeviceKernel kernel) {
    return library(kernel).isEmpty() ? limits : LaunchLimits.NONE;
  }

  @Override
  public void prepare(DeviceKernel kernel) {
    if (library(kernel).isEmpty()) {
      cuda.use(context);
      kernels.of(kernel);
    }
  }

  private Optional<LibraryFunction> library(DeviceKernel kernel) {
    return libraries.isEmpty() ? Optional.empty() : LibraryFunction.of(kernel.name());
  }

  @Override
  public MemorySegment write(MemorySegment buffer, long at, MemorySegment from) {
    cuda.use(context);
    write.call("a transfer", buffer.address() + at, from, from.byteSize(), stream);
    return event(stream);
  }

  @Override
  public Sending send(MemorySegment buffer, long at, MemorySegment from) {
    cuda.use(context);
    write.call("a transfer", buffer.address() + at, from, from.byteSize(), sending);
    return new Sending(event(sending), Optional.empty());
  }

  @Override
  public boolean sendsBesideLaunches() {
    return true;
  }

  @Override
  public void sendAfter(MemorySegment launch) {
    cuda.use(context);
    waitFor.call("a transfer", sending, launch.address(), 0);
  }

  @Override
  public void launchAfter(MemorySegment sent) {
    cuda.use(context);
    waitFor.call("a launch", stream, sent.address(), 0);
  }

  @Override
  public MemorySegment read(MemorySegment buffer, long at, MemorySegment to) {
    cuda.use(context);
    read.call("a transfer", to, buffer.address() + at, to.byteSize(), stream);
    return event(stream);
  }

  @Override
  public MemorySegment launch(Launch launch, List<MemorySegment> arguments) {
    cuda.use(context);
    Optional<LibraryFunction> library = library(launch.kernel());
    if (library.isPresent()) {
      // Products have no scale.
      float scale = launch.floatCount() > 0 ? launch.floatAt(0) : 1;
      libraries
          .orElseThrow()
          .run(library.get(), place(launch.kernel(), arguments), launch::intAt, scale);
      return event(stream);
    }
    long kernel = kernels.of(launch.kernel()).address();
    for (int i = 0; i < arguments.size(); i++) {
      values.setAtIndex(JAVA_LONG, i, arguments.get(i).address());
    }
    Launch.Grid grid = launch.grid();
    run.call(
        "a launch",
        kernel,
        grid.groupsX(),
        grid.groupsY(),
        grid.z(),
        grid.groupX(),
        grid.groupY(),
        1,
        0,
        stream,
        pointers,
        MemorySegment.NULL);
    return event(stream);
  }

  /** The banks of a launch, the result's first, where their elements start. */
  private NvidiaKernels.Place place(DeviceKernel kernel, List<MemorySegment> arguments) {
    List<Integer> order = kernel.arguments();
    long[] banks = new long[order.size()];
    for (int i = 0; i < banks.length; i++) {
      banks[order.get(i)] = arguments.get(2 + i).address() + KernelText.HEADER_BYTES;
    }
    return new NvidiaKernels.Place(context, stream, banks);
  }

  private MemorySegment event(long recording) {
    Long idle = idleEvents.pollFirst();
    long event =
        idle != null
            ? idle
            : Cuda.handle(answer -> createEvent.call("a command", answer, BLOCKING_WITHOUT_TIME));
    record.call("a command", event, recording);
    return MemorySegment.ofAddress(event);
  }

  /** Launches start by themselves. */
  @Override
  public void flush() {}

  @Override
  public void await(MemorySegment command) {
    cuda.use(context);
    await.call("what is queued", command.address());
  }

  @Override
  public boolean failed(MemorySegment command) {
    int status = query.status(command.address());
    return status != SUCCESS && status != NOT_READY;
  }

  @Override
  public void releaseEvent(MemorySegment command) {
    idleEvents.addFirst(command.address());
  }
}
