package org.t3jvm.accel.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Values that runs hand on, in what a program's parameters and values leave of the device's memory.
 * They go to the host when they are requested, when there is no room for them, and when a program
 * needs theirs.
 */
final class DeviceCarry implements Carry {
  /** A value between two runs. */
  private sealed interface Slot {
    record OnDevice(DType dtype, Shape shape, Place place) implements Slot {}

    record OnHost(Tensor tensor) implements Slot {}
  }

  private final DeviceSpace space;
  private final BankMemory memory;
  private final Transfers transfers;
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, Tensor> spares = new HashMap<>();
  private boolean lost;

  DeviceCarry(DeviceSpace space, BankMemory memory, Transfers transfers) {
    this.space = space;
    this.memory = memory;
    this.transfers = transfers;
  }

  @Override
  public void run(
      Program program,
      Map<String, Tensor> inputs,
      Map<String, Tensor> outputs,
      RegionListener listener) {
    if (!(program instanceof DeviceProgram here) || here.space() != space) {
      throw new IllegalArgumentException("a program of another backend");
    }
    synchronized (space) {
      requireKnown();
      Graph graph = here.graph();
      graph.outputs().values().forEach(output -> bringBack(here.storage().owner(output)));
      Binding bound = here.bound();
      HandOver handOver = new HandOver();
      Map<String, Tensor> given = new HashMap<>(inputs);
      graph.inputs().forEach((name, value) -> take(name, value, given, handOver));
      Map<String, Tensor> wanted = new HashMap<>(outputs);
      Map<String, Slot> left = new HashMap<>();
      bound.besideValues(
          () ->
              graph
                  .outputs()
                  .forEach(
                      (name, value) -> {
                        if (!outputs.containsKey(name)) {
                          left.put(name, leave(here, name, value, wanted, handOver));
                        }
                      }));
      lost = true;
      try {
        here.run(given, wanted, handOver, listener);
        lost = false;
      } finally {
        replace(left);
      }
    }
  }

  /** An output that is an input is copied on the host. */
  private void bringBack(Value owner) {
    if (owner.op() instanceof Op.Input input) {
      toHost(input.name());
    }
  }

  private void take(String name, Value value, Map<String, Tensor> given, HandOver handOver) {
    if (given.containsKey(name)) {
      return;
    }
    switch (slots.get(name)) {
      case null -> given.put(name, Tensor.allocate(value.dtype(), value.shape()));
      case Slot.OnHost host -> given.put(name, host.tensor);
      case Slot.OnDevice device -> {
        if (device.dtype != value.dtype() || !device.shape.equals(value.shape())) {
          throw new BackendException(
              "the run before left '%s' as %s %s, the graph has it as %s %s"
                  .formatted(name, device.dtype, device.shape, value.dtype(), value.shape()));
        }
        handOver.from(value, device.place);
      }
    }
  }

  /** Where an output goes: to its predecessor's place, to a new one, or to the host. */
  private Slot leave(
      DeviceProgram program,
      String name,
      Value value,
      Map<String, Tensor> wanted,
      HandOver handOver) {
    if (!Storage.isGiven(program.storage().owner(value))) {
      Slot old = slots.get(name);
      long elements = value.shape().elements();
      Place place =
          old instanceof Slot.OnDevice device
                  && device.shape.equals(value.shape())
                  && isReadBefore(program, name, value)
              ? device.place
              : memory.reserve(Bank.Kind.FLOATS, elements).orElse(null);
      if (place != null) {
        handOver.to(value, place.slice(0, elements));
        return new Slot.OnDevice(value.dtype(), value.shape(), place);
      }
    }
    Tensor spare = spares.remove(name);
    Tensor tensor =
        spare != null && spare.dtype() == value.dtype() && spare.shape().equals(value.shape())
            ? spare
            : Tensor.allocate(value.dtype(), value.shape());
    wanted.put(name, tensor);
    return new Slot.OnHost(tensor);
  }

  /** Whether what was left under a name is where a run's values are before its successor is. */
  private static boolean isReadBefore(DeviceProgram program, String name, Value successor) {
    Value input = program.graph().inputs().get(name);
    return input == null || program.storage().moments(input).first() <= successor.id();
  }

  private void replace(Map<String, Slot> left) {
    left.forEach(
        (name, slot) -> {
          Slot old = slots.put(name, slot);
          switch (old) {
            case null -> {}
            case Slot.OnHost host -> spares.put(name, host.tensor);
            case Slot.OnDevice device -> {
              if (!(slot instanceof Slot.OnDevice now) || !now.place.equals(device.place)) {
                memory.release(device.place);
              }
            }
          }
        });
  }

  /** Fetches what was left under a name. */
  private void toHost(String name) {
    if (slots.get(name) instanceof Slot.OnDevice device) {
      slots.put(name, new Slot.OnHost(fetched(device)));
      memory.release(device.place);
    }
  }

  private Tensor fetched(Slot.OnDevice device) {
    Tensor tensor = Tensor.allocate(device.dtype, device.shape);
    transfers.output(Pieces.of(device.place), tensor);
    return tensor;
  }

  /** Gives all of its device memory to others. */
  void toHost() {
    List.copyOf(slots.keySet()).forEach(this::toHost);
  }

  @Override
  public Map<String, Tensor> state() {
    synchronized (space) {
      requireKnown();
      Map<String, Tensor> state = new HashMap<>();
      slots.forEach(
          (name, slot) ->
              state.put(
                  name,
                  switch (slot) {
                    case Slot.OnHost host -> host.tensor;
                    case Slot.OnDevice device -> fetched(device);
                  }));
      return state;
    }
  }

  private void requireKnown() {
    if (lost) {
      throw new IllegalStateException("what was carried is lost, since a run failed");
    }
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    synchronized (space) {
      clear();
      state.forEach(
          (name, tensor) -> {
            Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
            copy.copyFrom(tensor);
            slots.put(name, new Slot.OnHost(copy));
          });
      lost = false;
    }
  }

  private void clear() {
    for (Slot slot : slots.values()) {
      if (slot instanceof Slot.OnDevice device) {
        memory.release(device.place);
      }
    }
    slots.clear();
  }

  @Override
  public void close() {
    synchronized (space) {
      clear();
      space.closed(this);
    }
  }

  /** What a run takes and leaves on the device without the host. */
  static final class HandOver {
    private final Map<Value, Place> from = new HashMap<>();
    private final Map<Value, Place> to = new HashMap<>();

    private void from(Value input, Place place) {
      from.put(input, place);
    }

    private void to(Value output, Place place) {
      to.put(output, place);
    }

    /** Where the run before left an input, if it is on the device. */
    @Nullable Place from(Value input) {
      return from.get(input);
    }

    /** Where the next run takes a value from, if it does. */
    @Nullable Place to(Value value) {
      return to.get(value);
    }
  }
}
