package org.t3jvm.model.profile;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.ForwardingBackend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;

/** A backend whose runs have a listener beside the caller's. */
record WatchedBackend(Backend backend, UnaryOperator<RegionListener> listener)
    implements ForwardingBackend {
  @Override
  public Program compile(Graph graph, Parameters parameters) {
    return new WatchedProgram(backend.compile(graph, parameters), listener);
  }

  @Override
  public Carry carry() {
    return new WatchedCarry(backend.carry());
  }

  private record WatchedCarry(Carry carry) implements Carry {
    @Override
    public void run(
        Program program,
        Map<String, Tensor> inputs,
        Map<String, Tensor> outputs,
        RegionListener caller) {
      WatchedProgram watched = (WatchedProgram) program;
      carry.run(watched.program, inputs, outputs, watched.listener.apply(caller));
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

  private record WatchedProgram(Program program, UnaryOperator<RegionListener> listener)
      implements Program {
    @Override
    public Graph graph() {
      return program.graph();
    }

    @Override
    public MemoryPlan memoryPlan() {
      return program.memoryPlan();
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener caller) {
      program.run(inputs, outputs, listener.apply(caller));
    }

    @Override
    public void release() {
      program.release();
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
