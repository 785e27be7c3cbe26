package org.t3jvm.tensor.cpu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cpu.plan.ProgramPlan;
import org.t3jvm.tensor.cpu.plan.RowChunks;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.cpu.run.CpuProgram;
import org.t3jvm.tensor.cpu.run.PoolPeak;
import org.t3jvm.tensor.cpu.run.WorkerPool;
import org.t3jvm.tensor.graph.Graph;

/** The CPU backend: one pool of workers for all of its programs. */
public final class CpuBackend implements Backend {
  static final String NAME = "cpu";

  private final WorkerPool pool;
  private final Arithmetic arithmetic;
  private final Set<CpuProgram> programs = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public CpuBackend(int threads) {
    this(threads, Arithmetic.F32);
  }

  /** A backend whose products multiply what {@code arithmetic} says. */
  public CpuBackend(int threads, Arithmetic arithmetic) {
    this.pool = new WorkerPool(threads);
    this.arithmetic = arithmetic;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Both kinds of kernels give the same results, so that identities name the precision alone. */
  @Override
  public String identity() {
    return precision() == Precision.F32 ? NAME : NAME + ", precision " + precision();
  }

  @Override
  public Precision precision() {
    return arithmetic.precision();
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    requireOpen();
    CpuProgram program =
        CpuProgram.compile(graph, parameters, pool, RowChunks.ROWS, arithmetic, programs::remove);
    programs.add(program);
    // Whoever closes the backend meanwhile sees the program, or is seen here.
    if (closed) {
      program.close();
    }
    requireOpen();
    return program;
  }

  private void requireOpen() {
    if (closed) {
      throw new BackendException("backend 'cpu' is closed");
    }
  }

  @Override
  public Optional<MemoryPlan> plan(Graph graph) {
    return Optional.of(new ProgramPlan(graph, RowChunks.ROWS, pool.threads(), arithmetic).memory());
  }

  @Override
  public OptionalDouble peak() {
    requireOpen();
    return precision() == Precision.F32 ? PoolPeak.of(pool) : OptionalDouble.empty();
  }

  @Override
  public void close() {
    closed = true;
    List.copyOf(programs).forEach(CpuProgram::close);
    pool.close();
  }
}
