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
import org.t3jvm.accel.lower.Room;
import org.t3jvm.accel.lower.Tables;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Lifetime;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * What a program puts into device memory for the length of a run: its values, by their lifetimes,
 * the parameters that are transferred in every run, and operands and results that an op reads or
 * writes in another form than they lie in. Parameters that stay on the device have their places
 * elsewhere.
 */
final class Layout {
  /** Another form of an operand or of the result, for one op. */
  private record Converted(int moment, Value value, Bank.Kind kind) {}

  /** A room for one op. */
  private record Occupied(int moment, Room.What what) {}

  private static final List<Bank.Kind> KINDS = List.of(Bank.Kind.FLOATS, Bank.Kind.WORDS);

  private final Storage storage;

  /** Of each kind of bank what lies there: values, and other forms of them. */
  private final Map<Bank.Kind, Map<Object, Lifetime>> wanted = new EnumMap<>(Bank.Kind.class);

  /**
   * @param resident whether a given value stays on the device and takes no place here
   */
  Layout(Graph graph, Storage storage, Predicate<Value> resident) {
    this.storage = storage;
    Packing packing = storage.packing();
    KINDS.forEach(kind -> wanted.put(kind, new LinkedHashMap<>()));
    for (Value value : storage.owners()) {
      if (!resident.test(value)) {
        want(packing.kind(value), value, packing.elements(value), storage.moments(value));
      }
    }
    for (Value value : graph.values()) {
      for (Value operand : value.op().operands().stream().distinct().toList()) {
        if (packing.decodes(value, operand)) {
          convert(value, operand, Bank.Kind.FLOATS);
        }
        if (packing.rounds(value, operand)) {
          convert(value, operand, Bank.Kind.WORDS);
        }
      }
      for (Room room : Room.of(value, packing)) {
        want(
            room.kind(),
            new Occupied(value.id(), room.what()),
            room.elements(),
            new Storage.Moments(value.id(), value.id()));
      }
      if (packing.isRoundedAfter(value)) {
        convert(value, value, Bank.Kind.FLOATS);
      }
      if (packing.isWidenedAfter(value)) {
        convert(value, value, Bank.Kind.WORDS);
      }
    }
  }

  private void convert(Value computed, Value value, Bank.Kind kind) {
    long count = value.shape().elements();
    int moment = computed.id();
    want(
        kind,
        new Converted(moment, value, kind),
        kind == Bank.Kind.WORDS ? Packing.words(count) : count,
        new Storage.Moments(moment, moment));
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
    Places at(
        Value computed,
        Map<Value, Place> residents,
        Map<Tables.Table, Place> tables,
        List<Place> scratch) {
      return new Places() {
        @Override
        public Place of(Value value) {
          return converted(value, Bank.Kind.FLOATS);
        }

        @Override
        public Place bf16(Value value) {
          return converted(value, Bank.Kind.WORDS);
        }

        private Place converted(Value value, Bank.Kind kind) {
          Place converted = places.get(new Converted(computed.id(), value, kind));
          return converted == null ? stored(value) : converted;
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
        public Place room(Room.What what) {
          return required(places.get(new Occupied(computed.id(), what)), what);
        }

        @Override
        public Place scratch(long elements) {
          return scratch.getFirst().slice(0, elements);
        }

        @Override
        public Place unused() {
          return scratch.getLast();
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
