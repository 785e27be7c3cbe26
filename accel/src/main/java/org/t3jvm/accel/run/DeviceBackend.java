package org.t3jvm.accel.run;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.accel.memory.BankSizes;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;

/** Compiles graphs for one device. */
public final class DeviceBackend implements Backend {
  private final DeviceSpace space;
  private final Precision precision;
  private final Host host;
  private final Set<Program> programs = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A backend on a device, which outlives it.
   *
   * @param precision of products; BF16 only if the device has kernels for it
   * @param threads of the host, for ops that the device has no kernels for
   */
  public DeviceBackend(DeviceSpace space, Precision precision, int threads) {
    this.space = space;
    this.precision = precision;
    this.host = new Host(threads);
  }

  @Override
  public String name() {
    return space.name();
  }

  @Override
  public String identity() {
    return "%s on %s, kernels %s, precision %s"
        .formatted(
            name(), space.device().info().description(), space.device().kernels(), precision);
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public KernelSource kernels() {
    return space.kernels();
  }

  @Override
  public Program compile(Graph graph, Parameters parameters) {
    requireOpen();
    Program program = space.compile(graph, parameters, precision, host, programs::remove);
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
      throw new BackendException("backend '%s' is closed".formatted(name()));
    }
  }

  @Override
  public Carry carry() {
    return space.carry();
  }

  @Override
  public Optional<MemoryPlan> plan(Graph graph) {
    return Optional.of(space.plan(graph, precision, host));
  }

  @Override
  public OptionalLong memoryLimit() {
    return OptionalLong.of(space.budget());
  }

  @Override
  public long maxElements() {
    return BankSizes.LARGEST;
  }

  @Override
  public List<String> report() {
    return List.of(space.report());
  }

  /** The device and what is allocated on it. */
  public DeviceSpace space() {
    return space;
  }

  @Override
  public void close() {
    closed = true;
    List.copyOf(programs).forEach(Program::close);
    host.close();
  }
}
