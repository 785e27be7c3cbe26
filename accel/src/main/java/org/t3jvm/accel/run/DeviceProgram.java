package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.device.DeviceException;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.accel.lower.HostOps;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/**
 * A graph on a device. The first run puts the parameters there and compiles what is new; later runs
 * only transfer inputs and results. Programs of one device run one after the other.
 */
final class DeviceProgram implements Program {
  private final DeviceSpace space;
  private final Consumer<DeviceProgram> onClose;
  private final Graph graph;
  private final Map<Value, Tensor> given = new HashMap<>();
  private final Storage storage;
  private final KeptInputs kept;
  private final Host host;
  private final Map<Value, HostStep> hostSteps = new HashMap<>();
  private final MemoryPlan memoryPlan;
  private @Nullable Binding binding;
  private boolean closed;

  DeviceProgram(
      DeviceSpace space,
      Graph graph,
      Parameters parameters,
      Precision precision,
      Host host,
      Consumer<DeviceProgram> onClose) {
    this.space = space;
    this.onClose = onClose;
    this.graph = graph;
    graph
        .parameters()
        .forEach((name, value) -> given.put(value, Bindings.parameter(name, value, parameters)));
    for (Value value : graph.values()) {
      if (value.op() instanceof Op.Constant constant) {
        given.put(value, constant.tensor());
      }
    }
    this.storage = space.storage(graph, precision);
    this.kept = space.keptInputs();
    this.host = host;
    this.memoryPlan = space.plan(graph, precision, host);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public MemoryPlan memoryPlan() {
    return memoryPlan;
  }

  @Override
  public void run(
      Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
    Bindings.requireInputs(graph, inputs);
    run(inputs, outputs, new DeviceCarry.HandOver(), listener);
  }

  /** As {@link #run(Map, Map, RegionListener)}, with other inputs and outputs on the device. */
  void run(
      Map<String, Tensor> inputs,
      Map<String, Tensor> outputs,
      DeviceCarry.HandOver handOver,
      RegionListener listener) {
    Bindings.requireSomeInputs(graph, inputs);
    Bindings.requireOutputs(graph, outputs);
    synchronized (space) {
      Run run = new Run(inputs, outputs, handOver, listener);
      run.all();
    }
  }

  /** What stays the same from run to run, made anew when device memory was given to others. */
  Binding bound() {
    if (closed) {
      throw new BackendException("this program is closed");
    }
    space.used(this);
    Binding known = binding;
    if (known != null) {
      if (known.settle()) {
        return known;
      }
      unbind();
    }
    Binding made = space.bind(this);
    binding = made;
    return made;
  }

  /**
   * Gives up what it holds of device memory; the next run takes it again.
   *
   * @return whether it held any
   */
  boolean unbind() {
    Binding known = binding;
    if (known != null) {
      known.release();
      binding = null;
    }
    kept.release();
    return known != null;
  }

  Storage storage() {
    return storage;
  }

  Packing packing() {
    return storage.packing();
  }

  DeviceSpace space() {
    return space;
  }

  /** The tensor of a parameter or constant. */
  Tensor tensor(Value value) {
    return Objects.requireNonNull(given.get(value));
  }

  @Override
  public void release() {
    synchronized (space) {
      kept.release();
    }
  }

  @Override
  public void close() {
    synchronized (space) {
      closed = true;
      unbind();
      space.closed(this);
      onClose.accept(this);
    }
  }

  /** One run. */
  private final class Run {
    private final Map<Value, Tensor> tensors;
    private final Map<Integer, List<Tensor>> results = new HashMap<>();
    private final Map<Value, List<Tensor>> copies = new LinkedHashMap<>();
    private final DeviceCarry.HandOver handOver;
    private final RegionListener listener;

    Run(
        Map<String, Tensor> inputs,
        Map<String, Tensor> outputs,
        DeviceCarry.HandOver handOver,
        RegionListener listener) {
      this.tensors = new HashMap<>(given);
      this.handOver = handOver;
      graph
          .inputs()
          .forEach(
              (name, value) -> {
                if (handOver.from(value) == null) {
                  tensors.put(value, apart(tensor(inputs, name), outputs));
                }
              });
      this.listener = listener;
      for (Map.Entry<String, Value> output : graph.outputs().entrySet()) {
        Tensor target = outputs.get(output.getKey());
        if (target != null) {
          Value value = output.getValue();
          if (Storage.isGiven(storage.owner(value))) {
            copies.computeIfAbsent(storage.owner(value), v -> new ArrayList<>()).add(target);
          } else {
            results.computeIfAbsent(value.id(), id -> new ArrayList<>()).add(target);
          }
        }
      }
    }

    /** An input, copied if a result that is fetched before it is read may lie in its memory. */
    private static Tensor apart(Tensor input, Map<String, Tensor> outputs) {
      boolean shared =
          outputs.values().stream()
              .anyMatch(output -> output.segment().asOverlappingSlice(input.segment()).isPresent());
      if (!shared) {
        return input;
      }
      Tensor copy = Tensor.allocate(input.dtype(), input.shape());
      copy.copyFrom(input);
      return copy;
    }

    void all() {
      Binding bound = bound();
      bound.besideValues(() -> graph.inputs().values().forEach(input -> keep(bound, input)));
      List<Region> regions = graph.regions();
      int finished = 0;
      for (Value value : graph.values()) {
        while (finished < regions.size() && regions.get(finished).end() <= value.id()) {
          listener.finished(regions.get(finished++));
        }
        if (!Storage.isGiven(value)) {
          try {
            step(bound, value);
          } catch (DeviceException e) {
            throw space.failure(bound, value, e);
          }
        }
      }
      while (finished < regions.size()) {
        listener.finished(regions.get(finished++));
      }
      try {
        space.device().finish();
      } catch (DeviceException e) {
        throw space.failure(bound, graph.values().getLast(), e);
      }
      copies.forEach(
          (source, targets) ->
              targets.forEach(target -> target.copyFrom(tensor(source).reshape(target.shape()))));
    }

    private void keep(Binding bound, Value input) {
      if (handOver.from(input) != null) {
        return;
      }
      try {
        kept.keep(input, tensor(input));
      } catch (DeviceException e) {
        throw space.failure(bound, input, e);
      }
    }

    private void step(Binding bound, Value value) {
      List<Value> step = List.of(value);
      listener.started(step);
      for (Value first : storage.firstReads(value.id())) {
        if (!bound.isResident(first)) {
          bring(bound, first);
        }
      }
      if (HostOps.computes(value) && value.shape().elements() > 0) {
        onHost(bound, value);
      }
      for (Launch launch : bound.launches(value)) {
        space.device().run(launch);
      }
      for (Tensor result : results.getOrDefault(value.id(), List.of())) {
        space.transfers().output(bound.pieces(value), result);
      }
      Place next = handOver.to(value);
      if (next != null) {
        copy(value, Pieces.of(next), bound.pieces(value));
      }
      if (listener.takesTimes()) {
        space.device().finish();
      }
      listener.computed(step);
    }

    private void onHost(Binding bound, Value value) {
      HostStep step = hostSteps.computeIfAbsent(value, HostStep::new);
      step.run(
          host.cpu(),
          (operand, target) -> fetch(bound, operand, target),
          result -> space.transfers().input("result " + value, result, bound.pieces(value)));
    }

    /** Writes a value into a tensor: from the one that was given, or from the device. */
    private void fetch(Binding bound, Value value, Tensor target) {
      Value owner = storage.owner(value);
      if (Storage.isGiven(owner) && handOver.from(owner) == null) {
        target.copyFrom(tensor(owner).reshape(value.shape()));
      } else if (value.shape().elements() > 0) {
        space.transfers().output(bound.pieces(value), target);
      }
    }

    /** Brings a given value to where this run reads it. */
    private void bring(Binding bound, Value value) {
      Place left = handOver.from(value);
      if (left != null) {
        copy(value, bound.pieces(value), Pieces.of(left));
        return;
      }
      Tensor tensor = tensor(value);
      Place known = value.op() instanceof Op.Input ? kept.of(value, tensor) : null;
      if (known != null) {
        copy(value, bound.pieces(value), Pieces.of(known));
      } else if (value.op() instanceof Op.Input) {
        space.transfers().input("input " + value, tensor, bound.pieces(value));
      } else {
        space
            .transfers()
            .parameter("parameter " + value, tensor, packing().form(value), bound.stored(value));
      }
    }

    private void copy(Value value, Pieces to, Pieces from) {
      Pieces.parts(
          value.shape().elements(),
          (start, count) ->
              space
                  .device()
                  .run(
                      Launch.copy(
                          DeviceKernel.COPY, to.slice(start, count), from.slice(start, count))),
          to,
          from);
    }

    private Tensor tensor(Value value) {
      Tensor tensor = tensors.get(value);
      if (tensor == null) {
        throw new IllegalStateException("no tensor for " + value);
      }
      return tensor;
    }

    private static Tensor tensor(Map<String, Tensor> inputs, String name) {
      Tensor tensor = inputs.get(name);
      if (tensor == null) {
        throw new BackendException("no tensor is given for '" + name + "'");
      }
      return tensor;
    }
  }
}
