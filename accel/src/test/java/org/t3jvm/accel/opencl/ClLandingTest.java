package org.t3jvm.accel.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.queue.LaunchLimits;
import org.t3jvm.accel.queue.LoadedKernels;
import org.t3jvm.accel.queue.QueuedDevice;
import org.t3jvm.accel.run.FakeDevice;
import org.t3jvm.tensor.backend.KernelSource;

/**
 * Transfers in a queue of their own, on queues of which each is as fast or as slow as the other
 * allows: a wait that is left out gives other bytes, a flush that is left out fails.
 */
class ClLandingTest {
  private static final int PART = 1 << 8;
  private static final int PARTS = 11;
  private static final int BUFFERS = 4;
  private static final int SMALL = 1 << 8;
  private static final int LARGE = 1 << 16;

  private final FakeCl fake = new FakeCl();

  /** Sends parts of a bank through one piece of the host's memory. */
  private MemorySegment send(long launches, long sending) {
    MemorySegment bank = fake.arena.allocate((long) PART * PARTS);
    ClLanding landing =
        new ClLanding(
            fake.cl(),
            MemorySegment.ofAddress(launches),
            MemorySegment.ofAddress(sending),
            BUFFERS,
            PART,
            fake.arena::allocate);
    MemorySegment host = fake.arena.allocate(PART);
    for (int part = 0; part < PARTS; part++) {
      host.fill((byte) (part + 1));
      MemorySegment sent = landing.send(bank, (long) part * PART, host).sent();
      fake.queues.finish(sent.address());
    }
    fake.queues.finish();
    return bank;
  }

  @Test
  void everyPartArrivesWhicheverQueueIsSlow() {
    long launches = fake.queues.create();
    long sending = fake.queues.create();
    for (Set<Long> late :
        List.of(Set.<Long>of(), Set.of(launches), Set.of(sending), Set.of(launches, sending))) {
      fake.queues.late = late;
      MemorySegment bank = send(launches, sending);
      for (int i = 0; i < PART * PARTS; i++) {
        assertThat(bank.get(ValueLayout.JAVA_BYTE, i))
            .as("byte %d, queues %s late", i, late)
            .isEqualTo((byte) (i / PART + 1));
      }
    }
  }

  @Test
  void partsArriveWhileLaunchesAreQueued() {
    long launches = fake.queues.create();
    long sending = fake.queues.create();
    fake.queues.late = Set.of(launches);
    fake.queues.add(launches, () -> {});
    send(launches, sending);
    assertThat(fake.queues.ahead.getOrDefault(sending, 0))
        .as("transfers that ran while launches were queued")
        .isGreaterThanOrEqualTo(BUFFERS);
    assertThat(fake.flushed).isEqualTo(2 * PARTS);
  }

  /** The host fills a staging bank again as soon as the device says that it may. */
  @Test
  void smallAndLargeTransfersLeaveTheHostsMemoryInTime() {
    Bank bank = new Bank(Bank.Kind.FLOATS, 0, 1 << 20);
    Bank small = new Bank(Bank.Kind.FLOAT_STAGING, 0, SMALL);
    Bank large = new Bank(Bank.Kind.FLOAT_STAGING, 1, LARGE);
    for (int which = 0; which < 4; which++) {
      LoadedKernels none =
          new LoadedKernels(
              kernel -> {
                throw new IllegalStateException(kernel + " is not needed");
              });
      ClQueue queue =
          new ClQueue(fake.cl(), MemorySegment.NULL, MemorySegment.NULL, none, LaunchLimits.NONE);
      long sending = fake.last;
      long launches = sending - 1;
      Set<Long> late = new HashSet<>();
      if (which % 2 == 1) {
        late.add(launches);
      }
      if (which >= 2) {
        late.add(sending);
      }
      fake.queues.late = late;
      Device device =
          new QueuedDevice(
              new FakeDevice(1 << 20).info(),
              KernelSource.JAVA,
              queue,
              none,
              List.of(bank, small, large));
      long at = 0;
      for (int i = 0; i < PARTS; i++) {
        Bank staging = i % 3 == 0 ? small : large;
        fill(device.staging(staging), i);
        device.run(
            Launch.copy(
                DeviceKernel.COPY,
                new Place(bank, at, staging.elements()),
                new Place(staging, 0, staging.elements())));
        at += staging.elements();
      }
      at = 0;
      for (int i = 0; i < PARTS; i++) {
        Bank staging = i % 3 == 0 ? small : large;
        device.run(
            Launch.copy(
                DeviceKernel.COPY,
                new Place(staging, 0, staging.elements()),
                new Place(bank, at, staging.elements())));
        assertThat(device.staging(staging).get(ValueLayout.JAVA_FLOAT, 0))
            .as("transfer %d, queues %s late", i, fake.queues.late)
            .isEqualTo(i);
        at += staging.elements();
      }
    }
  }

  private static void fill(MemorySegment host, float value) {
    for (long at = 0; at < host.byteSize(); at += Float.BYTES) {
      host.set(ValueLayout.JAVA_FLOAT, at, value);
    }
  }
}
