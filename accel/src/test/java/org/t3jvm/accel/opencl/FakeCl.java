package org.t3jvm.accel.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.t3jvm.accel.cuda.FakeStreams;
import org.t3jvm.accel.nvidia.NativeStubs;

/**
 * OpenCL's queues and buffers in Java, without kernels. A queue runs its commands at once or as
 * late as possible; the host's memory is read when a command runs. A command that waits for one of
 * another queue is refused if that was not flushed.
 */
final class FakeCl {
  private static final int FLUSH_MISSING = -9999;

  private final NativeStubs stubs = new NativeStubs();
  private final Map<Long, Set<Long>> unflushed = new HashMap<>();
  private long events = 1000;

  final Arena arena = Arena.ofAuto();
  final FakeStreams queues = new FakeStreams();

  /** The queue that was made last. */
  long last;

  int flushed;

  FakeCl() {
    stubs.with("clCreateCommandQueue", "JPPJP", a -> last = queues.create());
    stubs.with("clCreateBuffer", "JPJJPP", a -> arena.allocate((long) a[2], 64).address());
    stubs.with("clEnqueueWriteBuffer", "IPPIJJPIPP", a -> write(a));
    stubs.with("clEnqueueReadBuffer", "IPPIJJPIPP", a -> read(a));
    stubs.with("clEnqueueCopyBuffer", "IPPPJJJIPP", a -> copy(a));
    stubs.with("clRetainEvent", "IP", a -> 0);
    stubs.with("clReleaseEvent", "IP", a -> 0);
    stubs.with("clWaitForEvents", "IIP", a -> await(a));
    stubs.with("clFlush", "IP", a -> flush(a));
  }

  /** Functions that nothing calls are whatever there is. */
  OpenCl cl() {
    return new OpenCl(name -> stubs.find(name).or(() -> stubs.find("clFlush")));
  }

  private static long address(Object handle) {
    return ((MemorySegment) handle).address();
  }

  private static MemorySegment part(Object memory, Object at, Object bytes) {
    return NativeStubs.at(memory).asSlice((long) at, (long) bytes);
  }

  private long write(Object... a) {
    MemorySegment to = part(a[1], a[3], a[4]);
    MemorySegment from = part(a[5], 0L, a[4]);
    return enqueue(a[0], a[6], a[7], a[8], () -> to.copyFrom(from));
  }

  private long read(Object... a) {
    MemorySegment from = part(a[1], a[3], a[4]);
    MemorySegment to = part(a[5], 0L, a[4]);
    return enqueue(a[0], a[6], a[7], a[8], () -> to.copyFrom(from));
  }

  private long copy(Object... a) {
    MemorySegment from = part(a[1], a[3], a[5]);
    MemorySegment to = part(a[2], a[4], a[5]);
    return enqueue(a[0], a[6], a[7], a[8], () -> to.copyFrom(from));
  }

  private long await(Object... a) {
    queues.finish(NativeStubs.at(a[1]).get(ValueLayout.JAVA_LONG, 0));
    return 0;
  }

  private long flush(Object... a) {
    flushed++;
    unflushed.remove(address(a[0]));
    return 0;
  }

  private long enqueue(
      Object handle, Object waits, Object waitList, Object event, Runnable command) {
    long queue = address(handle);
    for (int i = 0; i < (int) waits; i++) {
      long other = NativeStubs.at(waitList).getAtIndex(ValueLayout.JAVA_LONG, i);
      if (unflushed.values().stream().anyMatch(each -> each.contains(other))) {
        return FLUSH_MISSING;
      }
      queues.await(queue, other);
    }
    queues.add(queue, command);
    queues.record(++events, queue);
    unflushed.computeIfAbsent(queue, each -> new HashSet<>()).add(events);
    NativeStubs.at(event).set(ValueLayout.JAVA_LONG, 0, events);
    return 0;
  }
}
