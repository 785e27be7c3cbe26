package org.t3jvm.accel.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.queue.CommandQueue.Sending;

/**
 * Transfers to the device beside its launches. The results of changing a memory object in one queue
 * while another uses it are undefined (OpenCL 1.1, appendix A.1), whichever bytes each uses. What
 * is sent is therefore written to a buffer that holds nothing else, in a queue of its own, and
 * copied from there in the order of the launches. Either queue uses such a buffer only after an
 * event of the other one, which was flushed before.
 */
final class ClLanding {
  private final MemorySegment launches;
  private final MemorySegment sending;
  private final long bytes;
  private final LongFunction<MemorySegment> allocate;
  private final MethodHandle write;
  private final MethodHandle copy;
  private final MethodHandle flush;
  private final MethodHandle retain;
  private final MethodHandle release;
  private final @Nullable MemorySegment[] buffers;

  /** The copies that were last taken from the buffers. */
  private final @Nullable MemorySegment[] copies;

  // Memory for the arguments of calls, which are made by one thread at a time.
  private final Arena arena = Arena.ofShared();
  private final MemorySegment waits = arena.allocate(ADDRESS);
  private final MemorySegment event = arena.allocate(ADDRESS);
  private int next;

  /**
   * @param launches the queue of the launches, and sending that of the transfers
   * @param count buffers that are written and copied from in turn
   * @param bytes of the largest transfer
   */
  ClLanding(
      OpenCl cl,
      MemorySegment launches,
      MemorySegment sending,
      int count,
      long bytes,
      LongFunction<MemorySegment> allocate) {
    this.launches = launches;
    this.sending = sending;
    this.buffers = new @Nullable MemorySegment[count];
    this.copies = new @Nullable MemorySegment[count];
    this.bytes = bytes;
    this.allocate = allocate;
    this.write =
        cl.status(
            "clEnqueueWriteBuffer",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    this.copy =
        cl.status(
            "clEnqueueCopyBuffer",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    this.flush = cl.status("clFlush", ADDRESS);
    this.retain = cl.status("clRetainEvent", ADDRESS);
    this.release = cl.status("clReleaseEvent", ADDRESS);
  }

  /** Sends memory of the host to a bank, after all launches that were queued before. */
  Sending send(MemorySegment bank, long at, MemorySegment from) {
    int index = next;
    next = (next + 1) % buffers.length;
    MemorySegment buffer = buffers[index];
    if (buffer == null) {
      buffer = allocate.apply(bytes);
      buffers[index] = buffer;
    }
    MemorySegment sent = write(buffer, from, copies[index]);
    MemorySegment copied = copy(buffer, bank, at, from.byteSize(), sent);
    OpenCl.check("clRetainEvent", () -> (int) retain.invokeExact(copied));
    copies[index] = copied;
    return new Sending(sent, Optional.of(copied));
  }

  private MemorySegment write(MemorySegment to, MemorySegment from, @Nullable MemorySegment after) {
    int count = after == null ? 0 : 1;
    MemorySegment list = after == null ? MemorySegment.NULL : waits;
    if (after != null) {
      waits.set(ADDRESS, 0, after);
    }
    OpenCl.check(
        "clEnqueueWriteBuffer",
        () ->
            (int) write.invokeExact(sending, to, 0, 0L, from.byteSize(), from, count, list, event));
    if (after != null) {
      OpenCl.check("clReleaseEvent", () -> (int) release.invokeExact(after));
    }
    return flushed(sending);
  }

  private MemorySegment copy(
      MemorySegment from, MemorySegment to, long at, long length, MemorySegment after) {
    waits.set(ADDRESS, 0, after);
    OpenCl.check(
        "clEnqueueCopyBuffer",
        () -> (int) copy.invokeExact(launches, from, to, 0L, at, length, 1, waits, event));
    return flushed(launches);
  }

  /** The event of the last command, for which the other queue can wait once it is flushed. */
  private MemorySegment flushed(MemorySegment queue) {
    MemorySegment command = event.get(ADDRESS, 0);
    OpenCl.check("clFlush", () -> (int) flush.invokeExact(queue));
    return command;
  }
}
