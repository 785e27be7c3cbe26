package org.t3jvm.accel.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.cuda.FakeStreams;
import org.t3jvm.accel.nvidia.NativeStubs;

/**
 * Transfers in a queue of their own, on queues in Java of which each is as fast or as slow as the
 * other allows: a wait that is left out gives other bytes, a flush that is left out fails.
 */
class ClLandingTest {
  private static final int PART = 1 << 8;
  private static final int PARTS = 11;
  private static final int FLUSH_MISSING = -9999;

  private final NativeStubs stubs = new NativeStubs();
  private final FakeStreams queues = new FakeStreams();
  private final Map<Long, Set<Long>> unflushed = new HashMap<>();
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment bank = arena.allocate((long) PART * PARTS);
  private final long launches = queues.create();
  private final long sending = queues.create();
  private long events = 1000;
  private int flushed;

  ClLandingTest() {
    stubs.with(
        "clEnqueueWriteBuffer",
        "IPPIJJPIPP",
        a -> {
          // The host's memory is read when the command runs, not now.
          MemorySegment from = NativeStubs.at(a[5]).asSlice(0, (long) a[4]);
          MemorySegment to = NativeStubs.at(a[1]).asSlice((long) a[3], (long) a[4]);
          return enqueue(a[0], a[6], a[7], a[8], () -> to.copyFrom(from));
        });
    stubs.with(
        "clEnqueueCopyBuffer",
        "IPPPJJJIPP",
        a -> {
          MemorySegment from = NativeStubs.at(a[1]).asSlice((long) a[3], (long) a[5]);
          MemorySegment to = NativeStubs.at(a[2]).asSlice((long) a[4], (long) a[5]);
          return enqueue(a[0], a[6], a[7], a[8], () -> to.copyFrom(from));
        });
    stubs.with("clRetainEvent", "IP", a -> 0);
    stubs.with("clReleaseEvent", "IP", a -> 0);
    stubs.with(
        "clFlush",
        "IP",
        a -> {
          flushed++;
          unflushed.remove(address(a[0]));
          return 0;
        });
  }

  private static long address(Object handle) {
    return ((MemorySegment) handle).address();
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

  /** Sends parts of a bank through one piece of the host's memory. */
  private void send() {
    // Functions that it does not call are whatever there is.
    OpenCl cl = new OpenCl(name -> stubs.find(name).or(() -> stubs.find("clFlush")));
    ClLanding landing =
        new ClLanding(
            cl,
            MemorySegment.ofAddress(launches),
            MemorySegment.ofAddress(sending),
            PART,
            arena::allocate);
    MemorySegment host = arena.allocate(PART);
    for (int part = 0; part < PARTS; part++) {
      host.fill((byte) (part + 1));
      MemorySegment sent = landing.send(bank, (long) part * PART, host).sent();
      queues.finish(sent.address());
    }
    queues.finish();
  }

  @Test
  void everyPartArrivesWhicheverQueueIsSlow() {
    for (Set<Long> late :
        List.of(Set.<Long>of(), Set.of(launches), Set.of(sending), Set.of(launches, sending))) {
      queues.late = late;
      bank.fill((byte) 0);
      send();
      for (int i = 0; i < PART * PARTS; i++) {
        assertThat(bank.get(ValueLayout.JAVA_BYTE, i))
            .as("byte %d, queues %s late", i, late)
            .isEqualTo((byte) (i / PART + 1));
      }
    }
  }

  @Test
  void partsArriveWhileLaunchesAreQueued() {
    queues.late = Set.of(launches);
    queues.add(launches, () -> {});
    send();
    assertThat(queues.ahead.getOrDefault(sending, 0))
        .as("transfers that ran while launches were queued")
        .isGreaterThanOrEqualTo(4);
    assertThat(flushed).isEqualTo(2 * PARTS);
  }
}
