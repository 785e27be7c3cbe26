package org.t3jvm.accel.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one queue of a device: what is put in runs in that order. Every command gives an event, to be
 * released by whoever gets it.
 */
final class ClQueue {
  private static final int EXECUTION_STATUS = 0x11D3;
  private static final int DIMENSIONS = 3;

  private final MemorySegment queue;
  private final MemorySegment context;
  private final MethodHandle createBuffer;
  private final MethodHandle releaseBuffer;
  private final MethodHandle setArgument;
  private final MethodHandle write;
  private final MethodHandle read;
  private final MethodHandle launch;
  private final MethodHandle flush;
  private final MethodHandle finish;
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

  ClQueue(OpenCl cl, MemorySegment context, MemorySegment device) {
    this.context = context;
    MethodHandle create = cl.handle("clCreateCommandQueue", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    this.queue =
        OpenCl.create(
            "clCreateCommandQueue",
            status -> (MemorySegment) create.invokeExact(context, device, 0L, status));
    this.createBuffer =
        cl.handle("clCreateBuffer", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    this.releaseBuffer = cl.status("clReleaseMemObject", ADDRESS);
    this.setArgument = cl.status("clSetKernelArg", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
    this.write = transfer(cl, "clEnqueueWriteBuffer");
    this.read = transfer(cl, "clEnqueueReadBuffer");
    this.launch =
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
    this.finish = cl.status("clFinish", ADDRESS);
    this.await = cl.status("clWaitForEvents", JAVA_INT, ADDRESS);
    this.eventInfo = cl.status("clGetEventInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    this.releaseEvent = cl.status("clReleaseEvent", ADDRESS);
  }

  private static MethodHandle transfer(OpenCl cl, String name) {
    return cl.status(
        name, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS,
        ADDRESS);
  }

  /** Device memory until it is released. */
  MemorySegment allocate(long bytes) {
    return OpenCl.create(
        "clCreateBuffer of %d bytes".formatted(bytes),
        status ->
            (MemorySegment)
                createBuffer.invokeExact(context, 1L, bytes, MemorySegment.NULL, status));
  }

  void release(MemorySegment buffer) {
    OpenCl.check("clReleaseMemObject", () -> (int) releaseBuffer.invokeExact(buffer));
  }

  /** Binds a buffer to an argument of a kernel for the launches after it. */
  void argument(MemorySegment kernel, int index, MemorySegment buffer) {
    slot.set(ADDRESS, 0, buffer);
    OpenCl.check(
        "clSetKernelArg",
        () -> (int) setArgument.invokeExact(kernel, index, ADDRESS.byteSize(), slot));
  }

  /** Sends memory of the host, which must stay as it is until the event. */
  MemorySegment write(MemorySegment buffer, long at, MemorySegment from) {
    OpenCl.check(
        "clEnqueueWriteBuffer",
        () ->
            (int)
                write.invokeExact(
                    queue, buffer, 0, at, from.byteSize(), from, 0, MemorySegment.NULL, event));
    return event.get(ADDRESS, 0);
  }

  /** Fetches into memory of the host, which is there after the event. */
  MemorySegment read(MemorySegment buffer, long at, MemorySegment to) {
    OpenCl.check(
        "clEnqueueReadBuffer",
        () ->
            (int)
                read.invokeExact(
                    queue, buffer, 0, at, to.byteSize(), to, 0, MemorySegment.NULL, event));
    return event.get(ADDRESS, 0);
  }

  /**
   * Runs a kernel.
   *
   * @param threads along x, y and z
   * @param group threads of a work group along x, y and z
   */
  MemorySegment launch(MemorySegment kernel, long[] threads, long[] group) {
    for (int i = 0; i < DIMENSIONS; i++) {
      global.setAtIndex(JAVA_LONG, i, threads[i]);
      local.setAtIndex(JAVA_LONG, i, group[i]);
    }
    OpenCl.check(
        "clEnqueueNDRangeKernel",
        () ->
            (int)
                launch.invokeExact(
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

  /** Has the device start on what is queued. */
  void flush() {
    OpenCl.check("clFlush", () -> (int) flush.invokeExact(queue));
  }

  /** Waits until everything ran. */
  void finish() {
    OpenCl.check("clFinish", () -> (int) finish.invokeExact(queue));
  }

  /** Waits until a command ran, and fails if it did. */
  void await(MemorySegment command) {
    slot.set(ADDRESS, 0, command);
    OpenCl.check("clWaitForEvents", () -> (int) await.invokeExact(1, slot));
  }

  /** Whether a command failed. */
  boolean failed(MemorySegment command) {
    OpenCl.check(
        "clGetEventInfo",
        () ->
            (int)
                eventInfo.invokeExact(
                    command, EXECUTION_STATUS, JAVA_INT.byteSize(), number, MemorySegment.NULL));
    return number.get(JAVA_INT, 0) < 0;
  }

  void releaseEvent(MemorySegment command) {
    OpenCl.check("clReleaseEvent", () -> (int) releaseEvent.invokeExact(command));
  }
}
