package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Bank;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.AttentionSlots.Attention;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.Value;

/** Launches of attention: one for each grouping of its pattern, or each window that slides. */
final class AttentionLowering {
  private static final int QUERIES = DeviceKernel.ATTENTION.tile();
  private static final int GROUP = 256;

  private AttentionLowering() {}

  /** Where rows lie, each with the columns of all heads. */
  private record Operands(Place y, Place q, Place k, Place v) {
    private static Operands of(Lowering out, Value value, Op.Attention op) {
      Places places = out.places();
      return new Operands(
          places.of(value), places.of(op.q()), places.of(op.k()), places.of(op.v()));
    }
  }

  static void lower(Lowering out, Value value, Op.Attention op) {
    switch (op.pattern()) {
      case AttentionPattern.Full full -> full(out, value, op);
      case AttentionPattern.Windows windows -> {
        for (WindowPart part : WindowPart.of(windows)) {
          windows(out, value, op, part);
        }
      }
      case AttentionPattern.Inward _ -> inward(out, value, op);
    }
  }

  /** {@link Rounding} keeps such windows out of products of BF16. */
  static IllegalStateException unsupported(Value value) {
    return new IllegalStateException(value + " has windows that slide");
  }

  /** Every query attends to every key. */
  private static void full(Lowering out, Value value, Op.Attention op) {
    int keys = op.k().shape().intDim(0);
    int columns = op.q().shape().intDim(1);
    Value bias = op.bias();
    int biasQuery = bias == null || bias.shape().dim(1) == 1 ? 0 : keys;
    int biasHead =
        bias == null || bias.shape().dim(0) == 1
            ? 0
            : Math.multiplyExact(bias.shape().intDim(1), keys);
    Places places = out.places();
    Lowering.rows(
        op.q().shape().dim(0),
        places.pieces(value).rows(columns),
        places.pieces(op.q()).rows(columns),
        (start, queries, y, q) -> {
          Numbers numbers =
              WindowPart.rows(queries, keys, QUERIES)
                  .set(Attention.HAS_BIAS, bias != null)
                  .set(Attention.BIAS_HEAD, biasHead)
                  .set(Attention.BIAS_QUERY, biasQuery)
                  .set(Attention.ADDS, false);
          Operands operands = new Operands(y, q, places.of(op.k()), places.of(op.v()));
          Place added = bias == null ? q : places.pieces(bias).from(start * biasQuery);
          emit(out, op, operands, added, Math.ceilDiv(queries, QUERIES), numbers, 1);
        });
  }

  /** The first {@code queries} rows attend to the first {@code keys} ones. */
  private static void rows(
      Lowering out, Op.Attention op, Operands operands, int queries, int keys) {
    Numbers numbers = unbiased(WindowPart.rows(queries, keys, QUERIES), false);
    emit(out, op, operands, operands.q(), Math.ceilDiv(queries, QUERIES), numbers, 1);
  }

  private static void windows(Lowering out, Value value, Op.Attention op, WindowPart part) {
    Numbers numbers = unbiased(part.numbers(QUERIES), part.adds());
    long groups = (long) part.blocks(QUERIES) * part.windows().counts().windows();
    Operands operands = Operands.of(out, value, op);
    emit(out, op, operands, operands.q(), groups, numbers, part.share());
  }

  /** Queries with one window each, those of all frames, where windows slide (SPEC 20.2). */
  private static List<RowMap.Tile> ofOneWindow(Op.Attention op) {
    RowMap map = op.pattern().rows(op.q().shape().dim(0), op.k().shape().dim(0));
    return map.passes().getFirst().tiles().getFirst().whole();
  }

  /** What the rows of the largest set of queries with one window take; nothing if all have one. */
  static List<Room> roomsOfInward(Op.Attention op) {
    List<RowMap.Tile> tiles = ofOneWindow(op);
    if (tiles.size() == 1) {
      return List.of();
    }
    long columns = op.q().shape().dim(1);
    RowMap.Pass pass = new RowMap.Pass(1, tiles);
    long queries = pass.mostQueries() * columns;
    long keys = pass.mostKeys() * columns;
    return List.of(
        new Room(Room.What.QUERIES, Bank.Kind.FLOATS, queries),
        new Room(Room.What.KEYS, Bank.Kind.FLOATS, keys),
        new Room(Room.What.VALUES, Bank.Kind.FLOATS, keys),
        new Room(Room.What.RESULTS, Bank.Kind.FLOATS, queries));
  }

  /**
   * No kernel looks for windows that slide. Queries with one window are copied together, and so are
   * its keys and values; then each query attends to all keys. Nothing is masked.
   */
  private static void inward(Lowering out, Value value, Op.Attention op) {
    Places places = out.places();
    List<RowMap.Tile> tiles = ofOneWindow(op);
    if (tiles.size() == 1) {
      full(out, value, op);
      return;
    }
    int columns = op.q().shape().intDim(1);
    Operands rooms =
        new Operands(
            places.room(Room.What.RESULTS),
            places.room(Room.What.QUERIES),
            places.room(Room.What.KEYS),
            places.room(Room.What.VALUES));
    // Keys that all windows have are gathered once and lie before those of the window.
    RowBox.Span extra = tiles.getFirst().extra();
    long start = (long) extra.count() * columns;
    if (extra.count() > 0) {
      RowBox rows = RowBox.line(extra);
      MoveLowering.gather(out, rooms.k(), places.of(op.k()), rows, columns);
      MoveLowering.gather(out, rooms.v(), places.of(op.v()), rows, columns);
    }
    Place k = rooms.k().slice(start, rooms.k().elements() - start);
    Place v = rooms.v().slice(start, rooms.v().elements() - start);
    for (RowMap.Tile tile : tiles) {
      RowBox queries = tile.queries();
      MoveLowering.gather(out, rooms.q(), places.of(op.q()), queries, columns);
      MoveLowering.gather(out, k, places.of(op.k()), tile.box(), columns);
      MoveLowering.gather(out, v, places.of(op.v()), tile.box(), columns);
      rows(out, op, rooms, queries.rows(), tile.keys());
      MoveLowering.scatter(out, places.of(value), rooms.y(), queries, columns);
    }
  }

  private static Numbers unbiased(Numbers numbers, boolean adds) {
    return numbers
        .set(Attention.HAS_BIAS, false)
        .set(Attention.BIAS_HEAD, 0)
        .set(Attention.BIAS_QUERY, 0)
        .set(Attention.ADDS, adds);
  }

  /**
   * @param bias any place if there is none
   */
  private static void emit(
      Lowering out,
      Op.Attention op,
      Operands operands,
      Place bias,
      long groups,
      Numbers numbers,
      float share) {
    long columns = (long) op.heads() * Math.ceilDiv(op.headDim(), DeviceKernel.HEAD_COLUMNS);
    Launch.Grid grid =
        new Launch.Grid(Math.toIntExact(groups * GROUP), Math.toIntExact(columns), 1, GROUP, 1);
    out.emit(
        DeviceKernel.ATTENTION,
        List.of(operands.y(), operands.q(), operands.k(), operands.v(), bias),
        numbers.set(Attention.HEADS, op.heads()).set(Attention.HEAD_DIM, op.headDim()),
        grid,
        op.scale(),
        share);
  }
}
