package org.t3jvm.accel.run;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.lower.Tables;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Tensor;

/**
 * Tensors that stay on the device: parameters, constants, tables and inputs that do not change.
 * Programs that read one tensor share it; it goes when the last of them lets it go.
 */
final class Residents {
  /** Tensors that stay on the device. */
  private sealed interface Key {
    /** The memory of a tensor, which its entry keeps from being used for anything else. */
    record Memory(long address, long bytes, Packing.Form form) implements Key {}

    /** A table of numbers. */
    record Lookup(Tables.Table table) implements Key {}
  }

  private static final class Entry {
    final Tensor tensor;
    final Place place;
    int users;

    Entry(Tensor tensor, Place place) {
      this.tensor = tensor;
      this.place = place;
    }
  }

  /** One user's hold on a tensor. */
  final class Hold {
    private final Key key;
    private final Place place;

    private Hold(Key key, Place place) {
      this.key = key;
      this.place = place;
    }

    Place place() {
      return place;
    }

    /** Lets go; the place must not be used any more. */
    void release() {
      Entry entry = Objects.requireNonNull(entries.get(key));
      if (--entry.users == 0) {
        entries.remove(key);
        memory.release(entry.place);
      }
    }
  }

  private final BankMemory memory;
  private final Transfers transfers;
  private final Map<Key, Entry> entries = new HashMap<>();

  Residents(BankMemory memory, Transfers transfers) {
    this.memory = memory;
    this.transfers = transfers;
  }

  /** Whether a tensor is on the device. */
  boolean has(Tensor tensor, Packing.Form form) {
    return entries.containsKey(key(tensor, form));
  }

  /** Whether a table is on the device. */
  boolean has(Tables.Table table) {
    return entries.containsKey(new Key.Lookup(table));
  }

  private static Key key(Tensor tensor, Packing.Form form) {
    return new Key.Memory(tensor.segment().address(), tensor.byteSize(), form);
  }

  /** Holds a tensor, sent to the device if it is not there; nothing if there is no room. */
  Optional<Hold> hold(String what, Tensor tensor, Packing.Form form, long elements) {
    return hold(what, key(tensor, form), tensor, form, elements);
  }

  /** Holds a table; nothing if there is no room. */
  Optional<Hold> hold(Tables.Table table) {
    Key key = new Key.Lookup(table);
    Entry known = entries.get(key);
    Tensor tensor = known == null ? table.elements() : known.tensor;
    return hold("table", key, tensor, Packing.Form.F32, tensor.shape().elements());
  }

  private Optional<Hold> hold(
      String what, Key key, Tensor tensor, Packing.Form form, long elements) {
    Entry entry = entries.get(key);
    if (entry == null) {
      Optional<Place> place = memory.reserve(form.kind(), elements);
      if (place.isEmpty()) {
        return Optional.empty();
      }
      try {
        transfers.parameter(what, tensor, form, place.get());
      } catch (RuntimeException e) {
        memory.release(place.get());
        throw e;
      }
      entry = new Entry(tensor, place.get());
      entries.put(key, entry);
    }
    entry.users++;
    return Optional.of(new Hold(key, entry.place));
  }
}
