package org.t3jvm.accel.queue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;

/**
 * What is queued and may not have run yet, oldest first. The host's numbers of a launch stay as
 * they are until it ran. A command that fails is found when something is waited for.
 */
final class InFlight {
  /** Launches that the host may be ahead. */
  private static final int MOST = 256;

  private record Command(Launch launch, MemorySegment event) {}

  private final CommandQueue queue;
  private final MemorySegment numbers;
  private final MemorySegment fractions;
  private final Deque<Command> commands = new ArrayDeque<>();
  private final Map<Bank, Command> transfers = new HashMap<>();
  private int next;

  InFlight(CommandQueue queue) {
    this.queue = queue;
    this.numbers = queue.hostMemory((long) MOST * Launch.MAX_INTS * Integer.BYTES);
    this.fractions = queue.hostMemory((long) MOST * Launch.MAX_FLOATS * Float.BYTES);
  }

  /** Memory for the ints of the next launch. */
  MemorySegment numbers() {
    return numbers.asSlice(
        (long) next * Launch.MAX_INTS * Integer.BYTES, (long) Launch.MAX_INTS * Integer.BYTES);
  }

  /** Memory for the floats of the next launch. */
  MemorySegment fractions() {
    return fractions.asSlice(
        (long) next * Launch.MAX_FLOATS * Float.BYTES, (long) Launch.MAX_FLOATS * Float.BYTES);
  }

  /** Remembers what was queued; waits for the oldest if there is too much. */
  void add(Launch launch, MemorySegment event) {
    Command command = new Command(launch, event);
    commands.add(command);
    for (Bank bank : launch.banks()) {
      if (bank.kind().isStaging()) {
        transfers.put(bank, command);
      }
    }
    next = (next + 1) % MOST;
    if (commands.size() == MOST) {
      awaitThrough(commands.getFirst());
    }
  }

  /** Lets go of the event of a command that runs right before the one that is added next. */
  void release(MemorySegment event) {
    queue.releaseEvent(event);
  }

  /** Waits until a staging bank is in use no more. */
  void await(Bank bank) {
    Command command = transfers.get(bank);
    if (command != null) {
      awaitThrough(command);
    }
  }

  /** Waits for everything. */
  void finish() {
    if (!commands.isEmpty()) {
      awaitThrough(commands.getLast());
    }
  }

  private void awaitThrough(Command last) {
    try {
      queue.await(last.event);
    } catch (DriverException e) {
      throw failure(e);
    }
    while (true) {
      Command command = commands.removeFirst();
      forget(command);
      if (command.equals(last)) {
        return;
      }
    }
  }

  private void forget(Command command) {
    queue.releaseEvent(command.event);
    transfers.values().remove(command);
  }

  /** The failure of the first command that failed, after which nothing is in flight. */
  private DeviceException failure(DriverException error) {
    Command failed = commands.getLast();
    for (Command command : commands.reversed()) {
      try {
        if (queue.failed(command.event)) {
          failed = command;
        }
      } catch (DriverException e) {
        failed = command;
      }
    }
    commands.clear();
    transfers.clear();
    return new DeviceException(
        "kernel %s: %s".formatted(failed.launch, error.getMessage()), error, failed.launch);
  }
}
