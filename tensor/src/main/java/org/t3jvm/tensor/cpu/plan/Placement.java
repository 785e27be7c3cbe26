package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which values of a graph share memory, and for how long each piece of memory is in use.
 *
 * <p>Views lie inside of their operands; parts that nothing but a concatenation reads lie inside of
 * that one's result, where they follow each other; elementwise and row-wise ops write over an
 * operand that nobody reads afterwards; the values of a chain of {@link Fusion} lie in one place;
 * one output of every computed storage is written straight into the caller's tensor, further ones
 * are copied. Values that no output depends on are left out.
 */
public final class Placement {
  /** Memory of one value: {@code offset} bytes into a storage. */
  public record Location(Storage storage, long offset) {}

  private final Graph graph;
  private final boolean[] needed;
  private final Fusion fusion;
  private final Lowering lowering;
  private final RowChunks chunks;
  private final Map<Value, MovementOp.View> joined = new HashMap<>();
  private final Value[] roots;
  private final long[] offsets;
  private final int[] lastUses;
  private final Map<Value, String> bound = new HashMap<>();
  private final Map<Value, List<String>> copies = new HashMap<>();
  private final @Nullable Location[] locations;

  /** Values computed chunk by chunk over rows that the same chunk reads. */
  private final Set<Value> overwriting = new HashSet<>();

  private final List<Storage> storages = new ArrayList<>();

  private Placement(Graph graph, int chunkRows, Arithmetic arithmetic) {
    int count = graph.values().size();
    this.graph = graph;
    this.needed = findNeeded(graph);
    this.fusion = Fusion.of(graph, needed);
    this.lowering = new Lowering(fusion, arithmetic);
    this.chunks = RowChunks.of(graph, fusion, needed, chunkRows);
    this.roots = new Value[count];
    this.offsets = new long[count];
    this.lastUses = new int[count];
    this.locations = new Location[count];
  }

  static Placement of(Graph graph) {
    return of(graph, RowChunks.ROWS, Arithmetic.F32);
  }

  /**
   * Plans a graph.
   *
   * @param chunkRows rows of a chunk at most, see {@link RowChunks}
   * @param arithmetic what products multiply
   */
  static Placement of(Graph graph, int chunkRows, Arithmetic arithmetic) {
    Placement placement = new Placement(graph, chunkRows, arithmetic);
    placement.findJoined();
    placement.findRoots();
    placement.bindOutputs();
    placement.locate();
    return placement;
  }

  /** True if an output depends on the value. */
  boolean needed(Value value) {
    return needed[value.id()];
  }

  /** True if the value is needed and lies somewhere for more than one chunk of its rows. */
  public boolean located(Value value) {
    return locations[value.id()] != null;
  }

  /** True if the value is needed and a step of its own must compute it, and its chain. */
  boolean computed(Value value) {
    return needed(value) && !isGiven(value) && view(value) == null && step(value) == value;
  }

  /** The value at whose step a value is computed. */
  private Value step(Value value) {
    return chunks.last(fusion.last(value));
  }

  /** What the step of a {@link #computed} value reads, as often as it is read. */
  List<Value> operands(Value value) {
    return chunks.chain(value).stream().flatMap(step -> fusion.operands(step).stream()).toList();
  }

  /** All that the step of a {@link #computed} value computes, in order. */
  List<Value> members(Value value) {
    return chunks.chain(value).stream().flatMap(step -> fusion.chain(step).stream()).toList();
  }

  /** The kernels of a {@link #computed} value. */
  LoweredOp lower(Value value) {
    boolean whole = chunks.chain(value).size() == 1;
    return whole
        ? lowering.lower(value)
        : ChunkLowering.lower(
            members(value), chunks.rows(), overwriting.contains(value), lowering.arithmetic());
  }

  public Location location(Value value) {
    Location location = locations[value.id()];
    if (location == null) {
      throw new IllegalArgumentException(value + " lies nowhere");
    }
    return location;
  }

  /** Every storage of a needed value, in the order in which they come into use. */
  List<Storage> storages() {
    return storages;
  }

  /** Outputs that must be copied from {@code value} as soon as it is there. */
  List<String> copies(Value value) {
    return copies.getOrDefault(value, List.of());
  }

  /** True if ops write into the tensor of an output, so that there must be one. */
  public boolean writesDirectly(String output) {
    return bound.containsValue(output);
  }

  /** Bytes of a value's elements. */
  public static long bytes(Value value) {
    return value.shape().elements() * value.dtype().byteSize();
  }

  static boolean isGiven(Value value) {
    return value.op() instanceof Op.Given;
  }

  /** Where a value lies within an operand, or null if it must be computed. */
  private static MovementOp.@Nullable View view(Value value) {
    return value.op() instanceof MovementOp movement ? movement.view() : null;
  }

  private static boolean[] findNeeded(Graph graph) {
    boolean[] needed = new boolean[graph.values().size()];
    graph.outputs().values().forEach(value -> needed[value.id()] = true);
    for (Value value : graph.values().reversed()) {
      if (needed[value.id()]) {
        Reads.of(value).forEach(operand -> needed[operand.id()] = true);
      }
    }
    return needed;
  }

  /** Finds the values that are computed inside of the concatenation that reads them. */
  private void findJoined() {
    int[] uses = Fusion.uses(graph, needed);
    for (Value value : graph.values()) {
      if (value.op() instanceof MovementOp.Concat concat
          && computed(value)
          && value.shape().outer(concat.axis()) == 1) {
        long start = 0;
        for (Value part : concat.parts()) {
          if (computed(part) && uses[part.id()] == 1 && chunks.chain(part).size() == 1) {
            joined.put(part, new MovementOp.View(value, start));
          }
          start += bytes(part);
        }
      }
    }
  }

  private void findRoots() {
    Arrays.setAll(lastUses, id -> id);
    for (Value value : graph.values()) {
      int id = value.id();
      MovementOp.View view = view(value);
      roots[id] = view == null ? value : roots[view.base().id()];
      offsets[id] = view == null ? 0 : offsets[view.base().id()] + view.offset();
      for (MovementOp.View in = joined.get(value); in != null; in = joined.get(in.base())) {
        roots[id] = in.base();
        offsets[id] += in.offset();
      }
      if (needed[id]) {
        int step = step(value).id();
        Reads.of(value).forEach(operand -> use(operand, step));
      }
    }
  }

  private void use(Value value, int id) {
    int root = roots[value.id()].id();
    lastUses[root] = Math.max(lastUses[root], id);
  }

  private void bindOutputs() {
    graph
        .outputs()
        .forEach(
            (name, value) -> {
              Value root = roots[value.id()];
              boolean whole = value.shape().elements() == root.shape().elements();
              if (isGiven(root) || !whole || bound.putIfAbsent(root, name) != null) {
                copies.computeIfAbsent(value, v -> new ArrayList<>()).add(name);
              }
            });
  }

  private void locate() {
    for (Value value : graph.values()) {
      int id = value.id();
      if (!needed[id] || step(value) != value) {
        continue;
      }
      Location found = locations[id] == null ? locate(value) : location(value);
      for (Value member : fusion.chain(value)) {
        locations[member.id()] = found;
      }
    }
  }

  private Location locate(Value value) {
    Value root = roots[value.id()];
    if (root != value) {
      if (!located(root)) {
        locations[root.id()] = new Location(newStorage(root, value.id()), 0);
      }
      Location base = location(root);
      return new Location(base.storage(), base.offset() + offsets[value.id()]);
    }
    Location reused = bound.containsKey(value) ? null : overwritable(value);
    if (reused == null) {
      return new Location(newStorage(value, value.id()), 0);
    }
    reused.storage().extendTo(lastUses[value.id()]);
    return reused;
  }

  private Storage newStorage(Value value, int first) {
    String output = bound.get(value);
    Storage.Kind kind =
        isGiven(value)
            ? Storage.Kind.GIVEN
            : output == null ? Storage.Kind.ARENA : Storage.Kind.OUTPUT;
    Storage storage = new Storage(kind, value, output, first, lastUses[value.id()]);
    storages.add(storage);
    return storage;
  }

  /** The location of an operand that {@code value} may be written over, or null. */
  private @Nullable Location overwritable(Value value) {
    boolean chunked = chunks.chain(value).size() > 1;
    List<Value> members = members(value);
    List<Value> read = operands(value).stream().filter(v -> !members.contains(v)).toList();
    for (Value candidate : chunked ? RowChunks.readByRows(members) : fusion.overwritable(value)) {
      Location location = location(candidate);
      Storage storage = location.storage();
      List<Value> users = read.stream().filter(v -> location(v).storage() == storage).toList();
      boolean alone = chunked ? users.stream().allMatch(v -> v == candidate) : users.size() == 1;
      if (storage.kind() == Storage.Kind.ARENA && storage.last() == value.id() && alone) {
        if (chunked) {
          overwriting.add(value);
        }
        return location;
      }
    }
    return null;
  }
}
