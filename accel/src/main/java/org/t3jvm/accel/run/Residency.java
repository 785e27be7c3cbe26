package org.t3jvm.accel.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.t3jvm.accel.lower.Packing;
import org.t3jvm.accel.lower.Tables;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.BankMemory;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which parameters of a graph stay on the device from run to run. The values of a run have room
 * first, then the tables; in what is left stay all parameters, or as many of their bytes as fit,
 * the others are transferred in every run.
 *
 * @param layout of what is on the device for the length of a run
 * @param placed its places
 * @param streamed the parameters and constants that are transferred in every run
 * @param streamedBytes their bytes
 */
record Residency(Layout layout, Layout.Placed placed, Set<Value> streamed, long streamedBytes) {
  /** Parameters below this stay in preference to others: each transfer takes a launch too. */
  private static final long SMALL_BYTES = 1 << 20;

  /** Decides what stays: {@link #whole} or {@link #partial}. */
  interface Choice {
    /** What stays, now kept in {@code store}, which is of {@code memory}; nothing if it fails. */
    Optional<Residency> of(Graph graph, Storage storage, BankMemory memory, Store store);
  }

  /** Where parameters and tables stay. */
  interface Store {
    /** Keeps a table; false if there is no room. */
    boolean keep(Tables.Table table);

    /** Keeps a parameter; false if there is no room. */
    boolean keep(Value parameter);
  }

  /** A store that only reserves memory. */
  record Reservation(BankMemory memory, Packing packing) implements Store {
    @Override
    public boolean keep(Tables.Table table) {
      return memory.reserve(Bank.Kind.FLOATS, table.count()).isPresent();
    }

    @Override
    public boolean keep(Value parameter) {
      return memory.reserve(packing.kind(parameter), packing.elements(parameter)).isPresent();
    }
  }

  /** All parameters stay; nothing if that does not fit. */
  static Optional<Residency> whole(Graph graph, Storage storage, BankMemory memory, Store store) {
    return of(graph, storage, memory, store, true)
        .filter(residency -> residency.streamed.isEmpty());
  }

  /** As many parameters stay as fit; nothing if not even the values do. */
  static Optional<Residency> partial(Graph graph, Storage storage, BankMemory memory, Store store) {
    return of(graph, storage, memory, store, false);
  }

  private static Optional<Residency> of(
      Graph graph, Storage storage, BankMemory memory, Store store, boolean whole) {
    Layout layout = new Layout(graph, storage, value -> whole && stays(value));
    Optional<Layout.Placed> placed = layout.place(memory);
    if (placed.isEmpty()) {
      return Optional.empty();
    }
    List<Place> rooms = placed.get().rooms();
    memory.reserve(rooms);
    try {
      if (!tables(graph, storage.packing()).stream().allMatch(store::keep)) {
        return Optional.empty();
      }
      Set<Value> streamed = new HashSet<>();
      for (Value parameter : parameters(storage)) {
        if ((whole && !streamed.isEmpty()) || !store.keep(parameter)) {
          streamed.add(parameter);
        }
      }
      return Optional.of(
          new Residency(
              layout,
              placed.get(),
              streamed,
              streamed.stream().mapToLong(value -> bytes(storage, value)).sum()));
    } finally {
      rooms.forEach(memory::release);
    }
  }

  /** Whether a value may stay: it is the same in every run. */
  static boolean stays(Value value) {
    return value.op() instanceof Op.Parameter || value.op() instanceof Op.Constant;
  }

  private static List<Tables.Table> tables(Graph graph, Packing packing) {
    return graph.values().stream().flatMap(v -> Tables.of(v, packing).stream()).distinct().toList();
  }

  /** Small ones, then the largest first, which fill memory best. */
  private static List<Value> parameters(Storage storage) {
    List<Value> parameters =
        new ArrayList<>(storage.owners().stream().filter(Residency::stays).toList());
    parameters.sort(
        Comparator.<Value>comparingInt(value -> bytes(storage, value) < SMALL_BYTES ? 0 : 1)
            .thenComparingLong(value -> -bytes(storage, value)));
    return parameters;
  }

  /** Bytes that a parameter takes on the device, and on the way there. */
  static long bytes(Storage storage, Value parameter) {
    return storage.packing().elements(parameter) * Bank.ELEMENT_BYTES;
  }
}
