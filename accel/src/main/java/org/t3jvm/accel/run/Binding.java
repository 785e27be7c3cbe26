package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.lower.Lowering;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.lower.Tables;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/** A program's hold on device memory, and its launches there. */
final class Binding {
  private final BankMemory memory;
  private final List<Residents.Hold> holds;
  private final Map<Value, Place> residents;
  private final Map<Tables.Table, Place> tables;
  private final Map<Value, List<Launch>> launches = new LinkedHashMap<>();
  private final Layout layout;
  private Layout.Placed placed;

  private Binding(
      BankMemory memory,
      Layout layout,
      Layout.Placed placed,
      List<Residents.Hold> holds,
      Map<Value, Place> residents,
      Map<Tables.Table, Place> tables) {
    this.memory = memory;
    this.layout = layout;
    this.placed = placed;
    this.holds = holds;
    this.residents = residents;
    this.tables = tables;
  }

  /**
   * Binds a program.
   *
   * @param streamed whether parameters are brought anew in every run, each where its first reader
   *     is, and not kept
   * @return nothing if memory does not suffice
   */
  static Optional<Binding> of(
      DeviceProgram program, BankMemory memory, Residents residents, boolean streamed) {
    List<Residents.Hold> holds = new ArrayList<>();
    Optional<Binding> binding = Optional.empty();
    try {
      binding = tryBind(program, memory, residents, streamed, holds);
    } finally {
      if (binding.isEmpty()) {
        holds.forEach(Residents.Hold::release);
      }
    }
    return binding;
  }

  private static Optional<Binding> tryBind(
      DeviceProgram program,
      BankMemory memory,
      Residents residents,
      boolean streamed,
      List<Residents.Hold> holds) {
    Graph graph = program.graph();
    Map<Tables.Table, Place> tables = new HashMap<>();
    for (Value value : graph.values()) {
      for (Tables.Table table : Tables.of(value)) {
        if (!tables.containsKey(table)) {
          Optional<Residents.Hold> hold = residents.hold(table);
          if (hold.isEmpty()) {
            return Optional.empty();
          }
          holds.add(hold.get());
          tables.put(table, hold.get().place());
        }
      }
    }
    Map<Value, Place> kept = new HashMap<>();
    for (Value value : program.storage().owners()) {
      Tensor tensor = program.given().get(value);
      if (tensor != null && !streamed) {
        Bank.Kind kind = Packing.isPacked(value) ? Bank.Kind.WORDS : Bank.Kind.FLOATS;
        Optional<Residents.Hold> hold =
            residents.hold("parameter " + value, tensor, kind, Packing.elements(value));
        if (hold.isEmpty()) {
          return Optional.empty();
        }
        holds.add(hold.get());
        kept.put(value, hold.get().place());
      }
    }
    Layout layout = new Layout(graph, program.storage(), kept::containsKey);
    return layout
        .place(memory)
        .map(placed -> new Binding(memory, layout, placed, holds, kept, tables));
  }

  /**
   * Sees to it that nothing that stays on the device lies where this program's values do, by moving
   * the values if need be.
   *
   * @return whether there is room for them
   */
  boolean settle() {
    if (placed.isFree(memory)) {
      return true;
    }
    Optional<Layout.Placed> moved = layout.place(memory);
    if (moved.isEmpty()) {
      return false;
    }
    placed = moved.get();
    launches.clear();
    return true;
  }

  /** Whether a given value stays on the device from run to run. */
  boolean isResident(Value value) {
    return residents.containsKey(value);
  }

  /** The launches that compute a value. */
  List<Launch> launches(Value value) {
    return launches.computeIfAbsent(
        value, each -> Lowering.of(each, placed.at(each, residents, tables)));
  }

  /** Where a value lies during a run. */
  Place place(Value value) {
    return placed.of(value).slice(0, value.shape().elements());
  }

  void release() {
    holds.forEach(Residents.Hold::release);
    holds.clear();
  }
}
