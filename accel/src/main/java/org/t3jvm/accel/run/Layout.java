package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * the parameters that are brought in every run, and the packed parameters that an op reads as F32.
 * Parameters that stay on the device have their places elsewhere.
 */
final class Layout {
  /** An operand that is decoded for one op. */
  private record Decoded(int moment, Value parameter) {}

  private static final List<Bank.Kind> KINDS = List.of(Bank.Kind.FLOATS, Bank.Kind.WORDS);

  private final Storage storage;

  /** Of each kind of bank what lies there: values, and decoded operands. */
  private final Map<Bank.Kind, Map<Object, Lifetime>> wanted = new EnumMap<>(Bank.Kind.class);

  /**
   * @param resident whether a given value stays on the device and takes no place here
   */
  Layout(Graph graph, Storage storage, Predicate<Value> resident) {
    this.storage = storage;
    KINDS.forEach(kind -> wanted.put(kind, new LinkedHashMap<>()));
    for (Value value : storage.owners()) {
      if (!resident.test(value)) {
        want(Packing.kind(value), value, Packing.elements(value), storage.moments(value));
      }
    }
    for (Value value : graph.values()) {
      for (Value operand : value.op().operands().stream().distinct().toList()) {
        if (Packing.isPacked(operand) && !Packing.readsPacked(value.op(), operand)) {
          Decoded decoded = new Decoded(value.id(), operand);
          long elements = operand.shape().elements();
          want(Bank.Kind.FLOATS, decoded, elements, new Storage.Moments(value.id(), value.id()));
        }
      }
    }
  }

  private void want(Bank.Kind kind, Object what, long elements, Storage.Moments moments) {
    wanted(kind).put(what, new Lifetime(elements, moments.first(), moments.last()));
  }

  private Map<Object, Lifetime> wanted(Bank.Kind kind) {
    return wanted.getOrDefault(kind, Map.of());
  }

  /** Most bytes that are in use at once, if the memory of each kind were in one piece. */
  long bytes() {
    return Bank.ELEMENT_BYTES
        * KINDS.stream()
            .mapToLong(kind -> BankMemory.extent(List.copyOf(wanted(kind).values())))
            .sum();
  }

  /** The largest value. */
  Optional<Value> largest() {
    return wanted.values().stream()
        .flatMap(kind -> kind.keySet().stream())
        .filter(Value.class::isInstance)
        .map(Value.class::cast)
        .max((a, b) -> Long.compare(a.shape().elements(), b.shape().elements()));
  }

  /** Places for all, or nothing if they do not fit. */
  Optional<Placed> place(BankMemory memory) {
    Map<Object, Place> places = new HashMap<>();
    for (Bank.Kind kind : KINDS) {
      List<Object> what = List.copyOf(wanted(kind).keySet());
      Optional<List<Place>> found = memory.plan(kind, List.copyOf(wanted(kind).values()));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < what.size(); i++) {
        places.put(what.get(i), found.get().get(i));
      }
    }
    return Optional.of(new Placed(places));
  }

  /** A layout with its places. */
  final class Placed {
    private final Map<Object, Place> places;

    private Placed(Map<Object, Place> places) {
      this.places = places;
    }

    /** Whether nothing that stays on the device was put here since. */
    boolean isFree(BankMemory memory) {
      return places.values().stream().allMatch(memory::isFree);
    }

    /** One place of each bank that has all which lies there. */
    List<Place> rooms() {
      Map<Bank, Place> rooms = new HashMap<>();
      places.values().forEach(place -> rooms.merge(place.bank(), place, Place::around));
      return new ArrayList<>(rooms.values());
    }

    /** The place of a value that is not resident. */
    Place of(Value value) {
      return required(places.get(storage.owner(value)), value);
    }

    /** The places for one op, given those of what is resident. */
    Places at(Value computed, Map<Value, Place> residents, Map<Tables.Table, Place> tables) {
      return new Places() {
        @Override
        public Place of(Value value) {
          Place decoded = places.get(new Decoded(computed.id(), value));
          return decoded == null ? stored(value) : decoded;
        }

        @Override
        public boolean isPacked(Value value) {
          return Packing.isPacked(value);
        }

        @Override
        public Place packed(Value value) {
          return stored(value);
        }

        private Place stored(Value value) {
          Value owner = storage.owner(value);
          return required(residents.getOrDefault(owner, places.get(owner)), value);
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
