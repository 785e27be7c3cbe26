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
import org.t3jvm.accel.memory.Pieces;
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

  /** One of the parts of a value or of another form of it, counted from 0. */
  private record Part(Object of, int index) {}

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
        Bank.Kind kind = packing.kind(value);
        if (storage.part(value) > 0) {
          wantParts(kind, value, value, storage.moments(value));
        } else {
          want(kind, value, packing.elements(value), storage.moments(value));
        }
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
    int moment = computed.id();
    wantParts(kind, value, new Converted(moment, value, kind), new Storage.Moments(moment, moment));
  }

  /** Room for a value, not packed or as BF16, in the parts that it has. */
  private void wantParts(Bank.Kind kind, Value value, Object what, Storage.Moments moments) {
    long count = value.shape().elements();
    long part = storage.part(storage.owner(value));
    if (part == 0) {
      want(kind, what, packed(kind, count), moments);
      return;
    }
    int index = 0;
    for (long at = 0; at < count; at += part) {
      want(kind, new Part(what, index++), packed(kind, Math.min(part, count - at)), moments);
    }
  }

  private static long packed(Bank.Kind kind, long count) {
    return kind == Bank.Kind.WORDS ? Packing.words(count) : count;
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
        .map(what -> what instanceof Part part ? part.of() : what)
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

    /** Where a value lies that is not resident. */
    Pieces of(Value value) {
      Value owner = storage.owner(value);
      return required(pieces(owner, owner), value);
    }

    /** Where an owner lies as what it was wanted as, or null if it was not. */
    private @Nullable Pieces pieces(Value owner, Object what) {
      List<Place> lie = new ArrayList<>();
      Place next = places.getOrDefault(what, places.get(new Part(what, 0)));
      while (next != null) {
        lie.add(next);
        next = places.get(new Part(what, lie.size()));
      }
      return lie.isEmpty() ? null : inBank(lie, storage.part(owner));
    }

    private static Pieces inBank(List<Place> places, long part) {
      boolean words = places.getFirst().bank().kind() == Bank.Kind.WORDS;
      return new Pieces(places, part, words ? 2 : 1, 1);
    }

    /** The places for one op, given those of what is resident. */
    Places at(
        Value computed,
        Map<Value, Place> residents,
        Map<Tables.Table, Place> tables,
        List<Place> scratch) {
      return new Places() {
        @Override
        public Pieces pieces(Value value) {
          return converted(value, Bank.Kind.FLOATS);
        }

        @Override
        public Pieces bf16Pieces(Value value) {
          return converted(value, Bank.Kind.WORDS);
        }

        private Pieces converted(Value value, Bank.Kind kind) {
          Pieces converted =
              Placed.this.pieces(storage.owner(value), new Converted(computed.id(), value, kind));
          return converted == null ? stored(value) : converted;
        }

        @Override
        public Place packed(Value value) {
          return stored(value).whole();
        }

        private Pieces stored(Value value) {
          Place resident = residents.get(storage.owner(value));
          return resident == null ? Placed.this.of(value) : inBank(List.of(resident), 0);
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

  private static <T> T required(@Nullable T place, Object what) {
    if (place == null) {
      throw new IllegalStateException("no place on the device for " + what);
    }
    return place;
  }
}
