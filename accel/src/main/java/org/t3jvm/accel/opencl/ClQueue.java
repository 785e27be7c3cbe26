package org.t3jvm.accel.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.accel.queue.CommandQueue;
import org.t3jvm.accel.queue.LaunchLimits;
import org.t3jvm.accel.queue.LoadedKernels;

/** Two queues of OpenCL: commands run in their order, but for {@link #send}. */
final class ClQueue implements CommandQueue {
  private static final int EXECUTION_STATUS = 0x11D3;
  private static final int DIMENSIONS = 3;
  private static final int ALIGNMENT = 64;

  /** Bytes of a small transfer, such as a bias. */
  private static final long SMALL = 1 << 16;

  /** Transfers that may be ahead of the launches. */
  private static final int SMALL_BUFFERS = 32;

  private static final int LARGE_BUFFERS = 4;

  private final MemorySegment queue;
  private final MemorySegment context;
  private final LoadedKernels kernels;
  private final LaunchLimits limits;
  private final ClLanding small;
  private final ClLanding large;
  private final Map<MemorySegment, MemorySegment[]> bound = new HashMap<>();
  private final MethodHandle createBuffer;
  private final MethodHandle releaseBuffer;
  private final MethodHandle setArgument;
  private final MethodHandle write;
  private final MethodHandle read;
  private final MethodHandle run;
  private final MethodHandle flush;
  private final MethodHandle await;
  private final MethodHandle eventInfo;
  private final MethodHandle releaseEvent;

  // Memory for the arguments of calls, which are made by one thread at a time.
  private final Arena arena = Arena.ofShared();
  private final MemorySegment slot = arena.allocate(ADDRESS);
  private final MemorySegment offset = arena.allocate(JAVA_LONG, DIMENSIONS);
  private final MemorySegment global = arena.allocate(JAVA_LONG, DIMENSIONS);
  private final MemorySegment local = arena.allocate(JAVA_LONG, DIMENSIONS);
  private final MemorySegment event = arena.allocate(ADDRESS);
  private final MemorySegment number = arena.allocate(JAVA_INT);

  ClQueue(
      OpenCl cl,
      MemorySegment context,
      MemorySegment device,
      LoadedKernels kernels,
      LaunchLimits limits) {
    this.limits = limits;
    this.context = context;
    this.kernels = kernels;
    MethodHandle create = cl.handle("clCreateCommandQueue", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    this.queue = queue(create, context, device);
    this.createBuffer =
        cl.handle("clCreateBuffer", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    this.releaseBuffer = cl.status("clReleaseMemObject", ADDRESS);
    this.setArgument = cl.status("clSetKernelArg", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
    this.write = transfer(cl, "clEnqueueWriteBuffer");
    this.read = transfer(cl, "clEnqueueReadBuffer");
    this.run =
        cl.status(
            "clEnqueueNDRangeKernel",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    this.flush = cl.status("clFlush", ADDRESS);
    this.await = cl.status("clWaitForEvents", JAVA_INT, ADDRESS);
    this.eventInfo = cl.status("clGetEventInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.releaseEvent = cl.status("clReleaseEvent", ADDRESS);
    MemorySegment sending = queue(create, context, device);
    this.small = new ClLanding(cl, queue, sending, SMALL_BUFFERS, SMALL, this::allocate);
    this.large =
        new ClLanding(
            cl, queue, sending, LARGE_BUFFERS, BankSizes.LARGEST_TRANSFER, this::allocate);
  }

  private static MemorySegment queue(
      MethodHandle create, MemorySegment context, MemorySegment device) {
    return OpenCl.create(
        "clCreateCommandQueue",
        status -> (MemorySegment) create.invokeExact(context, device, 0L, status));
  }

  private static MethodHandle transfer(OpenCl cl, String name) {
    return cl.status(
        name, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS,
        ADDRESS);
  }

  @Override
  public MemorySegment allocate(long bytes) {
    return OpenCl.create(
        "clCreateBuffer of %d bytes".formatted(bytes),
        status ->
            (MemorySegment)
                createBuffer.invokeExact(context, 1L, bytes, MemorySegment.NULL, status));
  }

  @Override
  public void release(MemorySegment buffer) {
    bound.clear();
    OpenCl.check("clReleaseMemObject", () -> (int) releaseBuffer.invokeExact(buffer));
  }

  /** Binds what is not bound to the kernel already. */
  private void bind(MemorySegment kernel, List<MemorySegment> arguments) {
    MemorySegment[] before =
        bound.computeIfAbsent(kernel, each -> new MemorySegment[arguments.size()]);
    for (int i = 0; i < before.length; i++) {
      if (!arguments.get(i).equals(before[i])) {
        bind(kernel, i, arguments.get(i));
        before[i] = arguments.get(i);
      }
    }
  }

  private void bind(MemorySegment kernel, int index, MemorySegment buffer) {
    slot.set(ADDRESS, 0, buffer);
    OpenCl.check(
        "clSetKernelArg",
        () -> (int) setArgument.invokeExact(kernel, index, ADDRESS.byteSize(), slot));
  }

  @Override
  public MemorySegment hostMemory(long bytes) {
    return arena.allocate(bytes, ALIGNMENT);
  }

  @Override
  public LaunchLimits limits(DeviceKernel kernel) {
    return limits;
  }

  @Override
  public void prepare(DeviceKernel kernel) {
    kernels.of(kernel);
  }

  @Override
  public MemorySegment write(MemorySegment buffer, long at, MemorySegment from) {
    OpenCl.check(
        "clEnqueueWriteBuffer",
        () ->
            (int)
                write.invokeExact(
                    queue, buffer, 0, at, from.byteSize(), from, 0, MemorySegment.NULL, event));
    return event.get(ADDRESS, 0);
  }

  @Override
  public Sending send(MemorySegment buffer, long at, MemorySegment from) {
    return (from.byteSize() > SMALL ? large : small).send(buffer, at, from);
  }

  /** What is sent is put in its place in the order of the launches. */
  @Override
  public boolean sendsBesideLaunches() {
    return false;
  }

  @Override
  public void sendAfter(MemorySegment launch) {}

  @Override
  public void launchAfter(MemorySegment sent) {}

  @Override
  public MemorySegment read(MemorySegment buffer, long at, MemorySegment to) {
    OpenCl.check(
        "clEnqueueReadBuffer",
        () ->
            (int)
                read.invokeExact(
                    queue, buffer, 0, at, to.byteSize(), to, 0, MemorySegment.NULL, event));
    return event.get(ADDRESS, 0);
  }

  @Override
  public MemorySegment launch(Launch launch, List<MemorySegment> arguments) {
    MemorySegment kernel = kernels.of(launch.kernel());
    bind(kernel, arguments);
    Launch.Grid grid = launch.grid();
    set(global, grid.x(), grid.y(), grid.z());
    set(local, grid.groupX(), grid.groupY(), 1);
    OpenCl.check(
        "clEnqueueNDRangeKernel",
        () ->
            (int)
                run.invokeExact(
                    queue,
                    kernel,
                    DIMENSIONS,
                    offset,
                    global,
                    local,
                    0,
                    MemorySegment.NULL,
                    event));
    return event.get(ADDRESS, 0);
  }

  private static void set(MemorySegment sizes, long x, long y, long z) {
    sizes.setAtIndex(JAVA_LONG, 0, x);
    sizes.setAtIndex(JAVA_LONG, 1, y);
    sizes.setAtIndex(JAVA_LONG, 2, z);
  }

  @Override
  public void flush() {
    OpenCl.check("clFlush", () -> (int) flush.invokeExact(queue));
  }

  @Override
  public void await(MemorySegment command) {
    slot.set(ADDRESS, 0, command);
    OpenCl.check("clWaitForEvents", () -> (int) await.invokeExact(1, slot));
  }

  @Override
  public boolean failed(MemorySegment command) {
    OpenCl.check(
        "clGetEventInfo",
        () ->
            (int)
                eventInfo.invokeExact(
                    command, EXECUTION_STATUS, JAVA_INT.byteSize(), number, MemorySegment.NULL));
    return number.get(JAVA_INT, 0) < 0;
  }

  @Override
  public void releaseEvent(MemorySegment command) {
    OpenCl.check("clReleaseEvent", () -> (int) releaseEvent.invokeExact(command));
  }
}
