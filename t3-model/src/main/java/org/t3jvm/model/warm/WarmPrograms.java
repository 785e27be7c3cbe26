package org.t3jvm.model.warm;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.ForwardingBackend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/**
 * The owner of a backend and of the programs of one opened model: a program that is closed stays
 * compiled, and compiling the same graph on the same parameters again gives it back. An idle
 * program holds no memory of its runs, so that what a job is planned to take holds with any number
 * of them; on a device its parameters stay where they are until other programs need their room.
 * Programs that were not used for longest are freed first where idle ones hold more than a budget.
 *
 * <p>Safe for use by several threads; a program is given to one user at a time. Closing it frees
 * idle programs, then the backend with those in use.
 */
public final class WarmPrograms implements ForwardingBackend {
  /** Host memory for idle programs: those of four sizes of the 1.3B model at least. */
  public static final long DEFAULT_BUDGET = 128L << 20;

  /** What a value of a compiled graph takes on the Java heap at most, measured at 4K. */
  private static final long BYTES_PER_VALUE = 8192;

  /**
   * What was done so far.
   *
   * @param compiled programs that were compiled
   * @param reused programs that were given again without being compiled
   * @param freed idle programs that were freed for the budget's sake
   */
  public record Counts(long compiled, long reused, long freed) {}

  private record Key(GraphKey graph, Parameters parameters) {}

  private record Entry(Key key, Program program, long bytes) {}

  private final Backend backend;
  private final long budget;
  private final WeightWatch watch;

  /** By when they were last used, the longest ago first. */
  private final List<Entry> idle = new ArrayList<>();

  private long idleBytes;
  private Counts counts = new Counts(0, 0, 0);
  private boolean closed;

  /** The programs of {@code backend}, within the usual budget. */
  public WarmPrograms(Backend backend) {
    this(backend, DEFAULT_BUDGET);
  }

  /**
   * The programs of {@code backend}, which run and compile under a watch that is closed with them.
   */
  public WarmPrograms(Backend backend, WeightWatch watch) {
    this(backend, DEFAULT_BUDGET, watch);
  }

  /**
   * The programs of {@code backend}, which is closed with this.
   *
   * @param budget bytes of host memory that idle programs may hold
   */
  public WarmPrograms(Backend backend, long budget) {
    this(backend, budget, WeightWatch.none());
  }

  private WarmPrograms(Backend backend, long budget, WeightWatch watch) {
    this.backend = backend;
    this.budget = budget;
    this.watch = watch;
  }

  /** What was done so far. */
  public synchronized Counts counts() {
    return counts;
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    Key key = new Key(new GraphKey(graph), parameters);
    Optional<Entry> known = take(key);
    if (known.isPresent()) {
      return new Lease(known.get());
    }
    Program program = watch.reading(() -> backend.compile(graph, parameters));
    synchronized (this) {
      counts = new Counts(counts.compiled + 1, counts.reused, counts.freed);
    }
    return new Lease(new Entry(key, program, bytes(graph)));
  }

  private synchronized Optional<Entry> take(Key key) {
    if (closed) {
      throw new BackendException("backend '%s' is closed".formatted(name()));
    }
    for (Iterator<Entry> entries = idle.iterator(); entries.hasNext(); ) {
      Entry entry = entries.next();
      if (entry.key.equals(key)) {
        entries.remove();
        idleBytes -= entry.bytes;
        counts = new Counts(counts.compiled, counts.reused + 1, counts.freed);
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** Keeps a program that is not used any more, and frees others for it. */
  private synchronized void keep(Entry entry) {
    if (closed) {
      entry.program.close();
      return;
    }
    entry.program.release();
    idle.add(entry);
    idleBytes += entry.bytes;
    while (idleBytes > budget) {
      Entry oldest = idle.removeFirst();
      idleBytes -= oldest.bytes;
      counts = new Counts(counts.compiled, counts.reused, counts.freed + 1);
      oldest.program.close();
    }
  }

  private static long bytes(Graph graph) {
    long bytes = graph.values().size() * BYTES_PER_VALUE;
    for (Value value : graph.values()) {
      bytes += value.op() instanceof Op.Constant ? OpWork.bytes(value) : 0;
    }
    return bytes;
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public Carry carry() {
    return new WarmCarry(backend.carry(), watch);
  }

  @Override
  public void close() {
    ProgramStack programs = new ProgramStack();
    synchronized (this) {
      closed = true;
      idle.forEach(entry -> programs.push(entry.program));
      idle.clear();
      idleBytes = 0;
    }
    try (watch;
        backend) {
      programs.close();
    }
  }

  /** A program while one user has it. */
  private final class Lease implements Program {
    private final Entry entry;
    private boolean returned;

    Lease(Entry entry) {
      this.entry = entry;
    }

    private synchronized Program program() {
      if (returned) {
        throw new BackendException("this program is closed");
      }
      return entry.program;
    }

    @Override
    public Graph graph() {
      return entry.program.graph();
    }

    @Override
    public MemoryPlan memoryPlan() {
      return entry.program.memoryPlan();
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
      Program program = program();
      watch.reading(
          () -> {
            program.run(inputs, outputs, new WatchedRegions(watch, listener));
            return program;
          });
    }

    @Override
    public void release() {
      program().release();
    }

    /** Gives the program back; one that is running stays in use, and this fails. */
    @Override
    public synchronized void close() {
      if (!returned) {
        keep(entry);
        returned = true;
      }
    }
  }

  /** A sequence of runs of leased programs. */
  private record WarmCarry(Carry carry, WeightWatch watch) implements Carry {
    @Override
    public void run(
        Program program,
        Map<String, Tensor> inputs,
        Map<String, Tensor> outputs,
        RegionListener listener) {
      if (!(program instanceof Lease lease)) {
        throw new IllegalArgumentException("a program of another backend");
      }
      watch.reading(
          () -> {
            carry.run(lease.program(), inputs, outputs, new WatchedRegions(watch, listener));
            return lease;
          });
    }

    @Override
    public Map<String, Tensor> state() {
      return carry.state();
    }

    @Override
    public void restore(Map<String, Tensor> state) {
      carry.restore(state);
    }

    @Override
    public void close() {
      carry.close();
    }
  }
}
