package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.lower.Places;
import org.t3jvm.accel.lower.Tables;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Lifetime;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * What a program puts into device memory for the length of a run: its values, by their lifetimes,
 * and the packed parameters that an op reads as F32. Parameters that stay on the device have their
 * places elsewhere.
 */
final class Layout {
  /** An operand that is decoded for one op. */
  private record Decoded(int moment, Value parameter) {}

  private final Storage storage;
  private final List<Value> values = new ArrayList<>();
  private final List<Decoded> decoded = new ArrayList<>();
  private final List<Lifetime> lifetimes = new ArrayList<>();

  /**
   * @param resident whether a given value stays on the device and takes no place here
   */
  Layout(Graph graph, Storage storage, Predicate<Value> resident) {
    this.storage = storage;
    for (Value value : storage.owners()) {
      // Packed parameters are words, which have banks of their own.
      if (!resident.test(value)) {
        values.add(value);
        lifetimes.add(
            new Lifetime(value.shape().elements(), storage.first(value), storage.last(value)));
      }
    }
    for (Value value : graph.values()) {
      for (Value operand : value.op().operands().stream().distinct().toList()) {
        if (Packing.isPacked(operand)
            && resident.test(operand)
            && !Packing.readsPacked(value.op(), operand)) {
          decoded.add(new Decoded(value.id(), operand));
          lifetimes.add(new Lifetime(operand.shape().elements(), value.id(), value.id()));
        }
      }
    }
  }

  /** Most elements that are in use at once, if memory were in one piece. */
  long elements() {
    return BankMemory.extent(lifetimes);
  }

  /** The largest value. */
  Optional<Value> largest() {
    return values.stream().max((a, b) -> Long.compare(a.shape().elements(), b.shape().elements()));
  }

  /** Places for all, or nothing if they do not fit. */
  Optional<Placed> place(BankMemory memory) {
    return memory.plan(lifetimes).map(Placed::new);
  }

  /** A layout with its places. */
  final class Placed {
    private final List<Place> all;
    private final Map<Value, Place> byValue = new HashMap<>();
    private final Map<Decoded, Place> byDecoded = new HashMap<>();

    private Placed(List<Place> places) {
      this.all = places;
      for (int i = 0; i < values.size(); i++) {
        byValue.put(values.get(i), places.get(i));
      }
      for (int i = 0; i < decoded.size(); i++) {
        byDecoded.put(decoded.get(i), places.get(values.size() + i));
      }
    }

    /** Whether nothing that stays on the device was put here since. */
    boolean isFree(BankMemory memory) {
      return all.stream().allMatch(memory::isFree);
    }

    /** The place of a value that is not resident. */
    Place of(Value value) {
      return required(byValue.get(storage.owner(value)), value);
    }

    /** The places for one op, given those of what is resident. */
    Places at(Value computed, Map<Value, Place> residents, Map<Tables.Table, Place> tables) {
      return new Places() {
        @Override
        public Place of(Value value) {
          Place own = byDecoded.get(new Decoded(computed.id(), value));
          if (own == null) {
            Value owner = storage.owner(value);
            own = residents.getOrDefault(owner, byValue.get(owner));
          }
          return required(own, value);
        }

        @Override
        public boolean isPacked(Value value) {
          Place place = residents.get(value);
          return place != null && place.bank().kind() == Bank.Kind.WORDS;
        }

        @Override
        public Place packed(Value value) {
          return required(residents.get(value), value);
        }

        @Override
        public Place table(Tables.Table table) {
          return required(tables.get(table), table);
        }
      };
    }
  }

  private static Place required(@Nullable Place place, Object what) {
    if (place == null) {
      throw new IllegalStateException("no place on the device for " + what);
    }
    return place;
  }
}
