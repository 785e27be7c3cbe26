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
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Value;

/** A program's hold on device memory, and its launches there. */
final class Binding {
  private final BankMemory memory;
  private final Packing packing;
  private final List<Place> scratch;
  private final Kept kept;
  private final Map<Value, List<Launch>> launches = new LinkedHashMap<>();
  private final Layout layout;
  private Layout.Placed placed;

  private Binding(BankMemory memory, DeviceProgram program, Kept kept, Residency residency) {
    this.memory = memory;
    this.packing = program.packing();
    this.scratch = program.space().scratch();
    this.kept = kept;
    this.layout = residency.layout();
    this.placed = residency.placed();
  }

  /**
   * Binds a program.
   *
   * @param choice of the parameters that stay; made without the device first, which must not bring
   *     what will not fit
   * @return nothing if memory does not suffice
   */
  static Optional<Binding> of(
      DeviceProgram program, BankMemory memory, Residents residents, Residency.Choice choice) {
    BankMemory trial = memory.copy();
    Residency.Store reserves = new Residency.Reservation(trial, program.packing());
    Residency.Store tries =
        new Residency.Store() {
          @Override
          public boolean keep(Tables.Table table) {
            return residents.has(table) || reserves.keep(table);
          }

          @Override
          public boolean keep(Value parameter) {
            return residents.has(program.tensor(parameter), program.packing().form(parameter))
                || reserves.keep(parameter);
          }
        };
    if (choice.of(program.graph(), program.storage(), trial, tries).isEmpty()) {
      return Optional.empty();
    }
    Kept kept = new Kept(program, residents);
    Optional<Binding> binding = Optional.empty();
    try {
      binding =
          choice
              .of(program.graph(), program.storage(), memory, kept)
              .map(found -> new Binding(memory, program, kept, found));
    } finally {
      if (binding.isEmpty()) {
        kept.release();
      }
    }
    return binding;
  }

  /** Brings what stays to the device. */
  private static final class Kept implements Residency.Store {
    private final DeviceProgram program;
    private final Residents residents;
    private final List<Residents.Hold> holds = new ArrayList<>();
    private final Map<Value, Place> parameters = new HashMap<>();
    private final Map<Tables.Table, Place> tables = new HashMap<>();

    Kept(DeviceProgram program, Residents residents) {
      this.program = program;
      this.residents = residents;
    }

    @Override
    public boolean keep(Tables.Table table) {
      Optional<Residents.Hold> hold = residents.hold(table);
      hold.ifPresent(held -> tables.put(table, held.place()));
      hold.ifPresent(holds::add);
      return hold.isPresent();
    }

    @Override
    public boolean keep(Value parameter) {
      Optional<Residents.Hold> hold =
          residents.hold(
              "parameter " + parameter,
              program.tensor(parameter),
              program.packing().form(parameter),
              program.packing().elements(parameter));
      hold.ifPresent(held -> parameters.put(parameter, held.place()));
      hold.ifPresent(holds::add);
      return hold.isPresent();
    }

    void release() {
      holds.forEach(Residents.Hold::release);
      holds.clear();
    }
  }

  /**
   * Ensures that nothing that stays on the device overlaps this program's values, by moving the
   * values if need be.
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

  /** Does something that reserves memory, none of it where this program's values lie. */
  void besideValues(Runnable reserves) {
    List<Place> rooms = placed.rooms();
    memory.reserve(rooms);
    try {
      reserves.run();
    } finally {
      rooms.forEach(memory::release);
    }
  }

  /** Whether a given value stays on the device from run to run. */
  boolean isResident(Value value) {
    return kept.parameters.containsKey(value);
  }

  /** The launches that compute a value. */
  List<Launch> launches(Value value) {
    return launches.computeIfAbsent(
        value,
        each -> Lowering.of(each, packing, placed.at(each, kept.parameters, kept.tables, scratch)));
  }

  /** The value that a launch is for. */
  Optional<Value> valueOf(Launch launch) {
    return launches.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(each -> each == launch))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Where a value that is not resident lies during a run. */
  Pieces pieces(Value value) {
    return placed.of(value);
  }

  /** The same of a value that is brought as it is stored. */
  Place stored(Value value) {
    return placed.of(value).whole().slice(0, packing.elements(value));
  }

  void release() {
    kept.release();
  }
}
