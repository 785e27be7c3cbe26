package org.t3jvm.accel.queue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.foreign.DriverException;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Place;

/**
 * What is queued and may not have run yet, oldest first. Launches run in their order and transfers
 * to the device in theirs; what one writes and another reads or writes is for the caller to order.
 * The host's numbers of a launch stay as they are until it ran. A command that fails is found when
 * something is waited for.
 */
final class InFlight {
  /** Launches that the host may be ahead. */
  private static final int MOST = 256;

  /**
   * @param sent whether it is a transfer to the device
   * @param slot of the numbers that it uses
   */
  private record Command(Launch launch, MemorySegment event, boolean sent, int slot) {}

  private final CommandQueue queue;
  private final MemorySegment numbers;
  private final MemorySegment fractions;
  private final Deque<Command> commands = new ArrayDeque<>();
  private final Map<Bank, Command> transfers = new HashMap<>();

  /** Transfers that no launch was ordered after. */
  private final List<Command> unordered = new ArrayList<>();

  /** The commands by the numbers that they use. */
  private final @Nullable Command[] users = new @Nullable Command[MOST];

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

  /** Remembers a launch, or a transfer to the host; waits for the oldest if there is too much. */
  void launched(Launch launch, MemorySegment event) {
    add(new Command(launch, event, false, next));
  }

  /** Remembers a transfer to the device; waits for the oldest if there is too much. */
  void sent(Launch launch, MemorySegment event) {
    Command command = new Command(launch, event, true, next);
    unordered.add(command);
    add(command);
  }

  /**
   * Remembers a launch that puts what was sent in its place, for which the host's memory is free.
   */
  void placed(Launch launch, MemorySegment event) {
    addToOrder(new Command(launch, event, false, next));
  }

  private void add(Command command) {
    for (Bank bank : command.launch.banks()) {
      if (bank.kind().isStaging()) {
        transfers.put(bank, command);
      }
    }
    addToOrder(command);
  }

  private void addToOrder(Command command) {
    commands.add(command);
    users[next] = command;
    next = (next + 1) % MOST;
    Command user = users[next];
    if (user != null) {
      awaitThrough(user);
    }
  }

  /** The last launch that reads or writes a place; what is sent there must come after it. */
  Optional<MemorySegment> lastUse(Place place) {
    for (Command command : commands.reversed()) {
      if (!command.sent && command.launch.operands().stream().anyMatch(place::meets)) {
        return Optional.of(command.event);
      }
    }
    return Optional.empty();
  }

  /** The last transfer to any place of a launch, which must come after it: asked for once. */
  Optional<MemorySegment> lastSent(Launch launch) {
    for (int i = unordered.size() - 1; i >= 0; i--) {
      Command command = unordered.get(i);
      Place to = command.launch.operands().getFirst();
      if (launch.operands().stream().anyMatch(to::meets)) {
        unordered.subList(0, i + 1).clear();
        return Optional.of(command.event);
      }
    }
    return Optional.empty();
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
    while (!commands.isEmpty()) {
      awaitThrough(commands.getLast());
    }
  }

  /** Waits for a command: for a transfer and those before it, or for a launch and all before it. */
  private void awaitThrough(Command last) {
    List<Command> done = new ArrayList<>();
    for (Command command : commands) {
      if (command.sent || !last.sent) {
        done.add(command);
      }
      if (command.equals(last)) {
        break;
      }
    }
    try {
      queue.await(last.event);
      for (Command command : done) {
        // Launches come after the transfers that they read, not after all that were sent before.
        if (command.sent != last.sent) {
          queue.await(command.event);
        }
      }
    } catch (DriverException e) {
      throw failure(e);
    }
    done.forEach(this::forget);
  }

  private void forget(Command command) {
    queue.releaseEvent(command.event);
    commands.remove(command);
    unordered.remove(command);
    transfers.values().remove(command);
    users[command.slot] = null;
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
    unordered.clear();
    Arrays.fill(users, null);
    return new DeviceException(
        "kernel %s: %s".formatted(failed.launch, error.getMessage()), error, failed.launch);
  }
}
