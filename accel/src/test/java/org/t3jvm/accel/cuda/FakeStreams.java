package org.t3jvm.accel.cuda;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Streams of commands and their events. A stream runs its commands at once, or as late as possible:
 * when something waits for one of them.
 */
public final class FakeStreams {
  /** A command of a stream, or an event recorded there. */
  private static final class Command {
    private final long stream;
    private final Runnable runs;
    private boolean done;

    Command(long stream, Runnable runs) {
      this.stream = stream;
      this.runs = runs;
    }
  }

  private final Map<Long, Deque<Command>> queued = new TreeMap<>();
  private final Map<Long, Command> events = new HashMap<>();

  /** Streams whose commands run as late as possible. */
  public Set<Long> late = Set.of();

  private long next = 16;

  /** How many commands of a stream ran while commands of others were waiting. */
  public final Map<Long, Integer> ahead = new HashMap<>();

  /** A stream. */
  public long create() {
    queued.put(next, new ArrayDeque<>());
    return next++;
  }

  /** Adds a command to a stream. */
  public void add(long stream, Runnable runs) {
    Command command = new Command(stream, runs);
    enqueue(command);
    boolean waiting =
        queued.entrySet().stream()
            .anyMatch(other -> other.getKey() != stream && !other.getValue().isEmpty());
    if (command.done && waiting) {
      ahead.merge(stream, 1, Integer::sum);
    }
  }

  private void enqueue(Command command) {
    Deque<Command> queue = queued.get(command.stream);
    if (queue == null) {
      throw new IllegalArgumentException("no stream " + command.stream);
    }
    queue.add(command);
    if (!late.contains(command.stream)) {
      finish(command);
    }
  }

  /** Records an event in a stream. */
  public void record(long event, long stream) {
    Command recorded = new Command(stream, () -> {});
    events.put(event, recorded);
    enqueue(recorded);
  }

  private Command event(long event) {
    Command recorded = events.get(event);
    if (recorded == null) {
      throw new IllegalArgumentException("event %d was not recorded".formatted(event));
    }
    return recorded;
  }

  /** Has a stream wait for what an event was last recorded after. */
  public void await(long stream, long event) {
    Command recorded = event(event);
    enqueue(new Command(stream, () -> finish(recorded)));
  }

  /** Waits for what an event was recorded after. */
  public void finish(long event) {
    finish(event(event));
  }

  boolean isDone(long event) {
    return event(event).done;
  }

  private void finish(Command last) {
    Deque<Command> queue = queued.getOrDefault(last.stream, new ArrayDeque<>());
    while (!last.done) {
      Command first = queue.removeFirst();
      first.runs.run();
      first.done = true;
    }
  }

  /** Runs all that is queued. */
  public void finish() {
    List<Deque<Command>> all = new ArrayList<>(queued.values());
    for (Deque<Command> queue : all) {
      if (!queue.isEmpty()) {
        finish(queue.getLast());
      }
    }
  }
}
