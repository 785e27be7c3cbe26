package org.t3jvm.tensor.cpu.run;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.plan.ProgramPlan;
import org.t3jvm.tensor.cpu.plan.RowChunks;
import org.t3jvm.tensor.cpu.plan.Step;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/**
 * A graph lowered to kernels over planned memory. The memory is allocated by the first run, and by
 * the first one after it was released; other runs allocate next to nothing.
 */
public final class CpuProgram implements Program {
  private enum State {
    IDLE,
    RUNNING,
    CLOSED
  }

  private final ProgramPlan plan;
  private final WorkerPool pool;
  private final Consumer<CpuProgram> onClose;
  private final Map<Value, Tensor> parameters;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final KernelJob kernels;
  private final CopyJob copy = new CopyJob();
  private @Nullable Arena arena;
  private @Nullable RunFrame frame;

  private CpuProgram(
      ProgramPlan plan,
      Map<Value, Tensor> parameters,
      WorkerPool pool,
      Consumer<CpuProgram> onClose) {
    this.plan = plan;
    this.parameters = parameters;
    this.pool = pool;
    this.onClose = onClose;
    this.kernels = new KernelJob(plan);
  }

  /**
   * Compiles a graph.
   *
   * @param chunkRows rows of a chunk at most, see {@link RowChunks}
   * @param arithmetic what products multiply
   */
  public static CpuProgram compile(
      Graph graph,
      Parameters parameters,
      WorkerPool pool,
      int chunkRows,
      Arithmetic arithmetic,
      Consumer<CpuProgram> onClose) {
    Map<Value, Tensor> bound = MemoryChecks.parameters(graph, parameters, pool);
    ProgramPlan plan = new ProgramPlan(graph, chunkRows, pool.threads(), arithmetic);
    return new CpuProgram(plan, bound, pool, onClose);
  }

  @Override
  public Graph graph() {
    return plan.graph();
  }

  @Override
  public MemoryPlan memoryPlan() {
    return plan.memory();
  }

  @Override
  public void run(
      Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
    MemoryChecks.run(graph(), inputs, outputs, pool);
    enter();
    try {
      RunFrame bound = allocated();
      try {
        bound.bind(inputs, outputs);
        runSteps(bound, outputs, listener);
        deliver(bound, outputs);
      } finally {
        bound.unbind();
      }
    } finally {
      state.set(State.IDLE);
    }
  }

  private void enter() {
    if (!state.compareAndSet(State.IDLE, State.RUNNING)) {
      throw new BackendException(
          state.get() == State.CLOSED
              ? "this program is closed"
              : "this program is running; it takes one run at a time");
    }
  }

  private RunFrame allocated() {
    RunFrame known = frame;
    if (known != null) {
      return known;
    }
    Arena fresh = Arena.ofShared();
    arena = fresh;
    try {
      RunFrame made = new RunFrame(plan, parameters, fresh);
      kernels.allocate(fresh);
      frame = made;
      return made;
    } catch (OutOfMemoryError e) {
      free();
      throw new BackendException(
          "not enough memory for %d MiB of activations and %d MiB of scratch"
              .formatted(memoryPlan().activations() >> 20, memoryPlan().scratch() >> 20),
          e);
    }
  }

  private void runSteps(RunFrame bound, Map<String, Tensor> outputs, RegionListener listener) {
    List<Region> regions = graph().regions();
    List<Step> steps = plan.steps();
    int finished = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      while (finished < regions.size() && regions.get(finished).end() <= step.value().id()) {
        listener.finished(regions.get(finished++));
      }
      boolean computes = !step.computed().isEmpty();
      if (computes) {
        listener.started(step.computed());
      }
      runStep(bound, step, outputs);
      if (computes) {
        listener.computed(step.computed());
      }
    }
    while (finished < regions.size()) {
      listener.finished(regions.get(finished++));
    }
  }

  private void runStep(RunFrame bound, Step step, Map<String, Tensor> outputs) {
    bound.enter(step);
    try {
      List<CpuKernel> phases = step.lowered().kernels();
      for (int i = 0; i < phases.size(); i++) {
        kernels.run(pool, phases.get(i), bound);
      }
    } catch (BackendException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BackendException("backend 'cpu' failed at %s: %s".formatted(step.value(), e), e);
    }
    for (int i = 0; i < step.copies().size(); i++) {
      String output = step.copies().get(i);
      if (outputs.containsKey(output)) {
        copy.run(pool, bound.segment(step.value()), bound.target(output));
      }
    }
  }

  /** Brings outputs that were held back to the caller's tensors. */
  private void deliver(RunFrame bound, Map<String, Tensor> outputs) {
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      MemorySegment written = bound.target(output.getKey());
      MemorySegment wanted = output.getValue().segment();
      if (written.address() != wanted.address()) {
        copy.run(pool, written, wanted);
      }
    }
  }

  private void free() {
    Arena known = arena;
    frame = null;
    arena = null;
    kernels.free();
    if (known != null) {
      known.close();
    }
  }

  @Override
  public void release() {
    enter();
    try {
      free();
    } finally {
      state.set(State.IDLE);
    }
  }

  @Override
  public void close() {
    State before = state.compareAndExchange(State.IDLE, State.CLOSED);
    if (before == State.CLOSED) {
      return;
    }
    if (before != State.IDLE) {
      throw new BackendException("this program is running and cannot be closed");
    }
    free();
    onClose.accept(this);
  }

  /** Runs a kernel's tasks, each worker with its own scratch. */
  private static final class KernelJob implements WorkerPool.Job {
    private final Scratch[] scratch;
    private final int scratchFloats;
    private final long scratchBytes;
    private @Nullable CpuKernel kernel;
    private @Nullable Frame frame;

    KernelJob(ProgramPlan plan) {
      this.scratch = new Scratch[plan.threads()];
      this.scratchFloats = plan.scratchFloats();
      this.scratchBytes = plan.scratchBytes();
      free();
    }

    void allocate(Arena arena) {
      for (int i = 0; i < scratch.length; i++) {
        MemorySegment memory = arena.allocate(scratchBytes, Tensor.ALIGNMENT);
        scratch[i] = new Scratch(new float[scratchFloats], memory);
      }
    }

    void free() {
      Arrays.fill(scratch, Scratch.NONE);
    }

    void run(WorkerPool pool, CpuKernel next, Frame bound) {
      kernel = next;
      frame = bound;
      pool.run(next.tasks(), this);
    }

    @Override
    public void run(int task, int worker) {
      if (kernel != null && frame != null) {
        kernel.run(task, frame, scratch[worker]);
      }
    }
  }

  /** Copies one segment to another of the same size. */
  private static final class CopyJob implements WorkerPool.Job {
    private static final long GRAIN = 1 << 18;

    private MemorySegment source = MemorySegment.NULL;
    private MemorySegment target = MemorySegment.NULL;

    void run(WorkerPool pool, MemorySegment from, MemorySegment to) {
      source = from;
      target = to;
      pool.run(Math.toIntExact(Math.ceilDiv(from.byteSize(), GRAIN)), this);
      source = MemorySegment.NULL;
      target = MemorySegment.NULL;
    }

    @Override
    public void run(int task, int worker) {
      long start = task * GRAIN;
      long bytes = Math.min(GRAIN, source.byteSize() - start);
      MemorySegment.copy(source, start, target, start, bytes);
    }
  }
}
