package org.t3jvm.tensor.cpu.plan;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * A chain of row-wise ops traced again for fewer rows, with a plan of its own. What the chain reads
 * are the inputs of this graph: rows of values outside, or all of them.
 */
final class ChunkGraph {
  /** A value outside of the chunk, and whether the chunk sees its rows or all of it. */
  private record Source(Value value, boolean byRows) {}

  private final long rows;
  private final Value result;
  private final boolean inPlace;
  private final Graph graph;
  private final Placement placement;
  private final List<Step> steps;
  private final ArenaPlan plan;
  private final Map<Value, Source> sources;

  private ChunkGraph(
      long rows,
      Value result,
      boolean inPlace,
      Graph graph,
      Map<Value, Source> sources,
      Arithmetic arithmetic) {
    this.rows = rows;
    this.result = result;
    this.inPlace = inPlace;
    this.graph = graph;
    this.placement = Placement.of(graph, Integer.MAX_VALUE, arithmetic);
    this.steps = Step.of(graph, placement);
    this.plan = new ArenaPlan(placement, steps);
    this.sources = sources;
  }

  /**
   * The ops of {@code members}, in order, over {@code rows} rows.
   *
   * @param inPlace whether the result must be kept in the chunk's own memory, since its place holds
   *     rows that the chunk reads
   * @param arithmetic what products multiply
   */
  static ChunkGraph of(List<Value> members, long rows, boolean inPlace, Arithmetic arithmetic) {
    Retracer retracer = new Retracer(rows);
    members.forEach(retracer::add);
    Value result = members.getLast();
    retracer.tracer.output("rows", retracer.inner(result));
    return new ChunkGraph(
        rows, result, inPlace, retracer.tracer.graph(), retracer.sources, arithmetic);
  }

  List<Step> steps() {
    return steps;
  }

  /** Bytes of memory for what stays inside of the chunk. */
  long bytes() {
    return inPlace ? plan.bytes() + resultBytes() : plan.bytes();
  }

  /** Bytes of the chunk's rows of the result. */
  long resultBytes() {
    return rows * result.shape().inner(0) * result.dtype().byteSize();
  }

  /** The chunk's rows of a result that is kept in the chunk's memory. */
  MemorySegment result(MemorySegment memory) {
    return memory.asSlice(plan.bytes(), resultBytes());
  }

  /** The temporary buffer of a step within the chunk's memory. */
  MemorySegment temporary(Step step, MemorySegment memory) {
    return memory.asSlice(plan.temporaryOffset(step), step.lowered().temporaryBytes());
  }

  /** Number of values, given and computed. */
  int size() {
    return graph.values().size();
  }

  /** The memory outside of the chunk that a value of this graph lies in. */
  MemorySegment outside(Value value, Frame frame) {
    Storage storage = placement.location(value).storage();
    return switch (storage.kind()) {
      case ARENA -> frame.temporary();
      case OUTPUT -> inPlace ? frame.temporary() : frame.segment(result);
      case GIVEN -> frame.segment(source(storage).value());
    };
  }

  /** Where in its {@link #outside} memory a value lies, for the chunk from {@code firstRow} on. */
  MemorySegment inside(Value value, MemorySegment outside, long firstRow) {
    Placement.Location location = placement.location(value);
    Storage storage = location.storage();
    MemorySegment base =
        switch (storage.kind()) {
          case ARENA -> outside.asSlice(plan.offset(storage), storage.bytes());
          case OUTPUT -> inPlace ? result(outside) : rowsOf(outside, result, firstRow);
          case GIVEN ->
              source(storage).byRows()
                  ? rowsOf(outside, source(storage).value(), firstRow)
                  : outside;
        };
    return base.asSlice(location.offset(), Placement.bytes(value));
  }

  private Source source(Storage given) {
    return Objects.requireNonNull(sources.get(given.owner()), () -> given.owner().toString());
  }

  private MemorySegment rowsOf(MemorySegment segment, Value value, long firstRow) {
    long rowBytes = value.shape().inner(0) * value.dtype().byteSize();
    return segment.asSlice(firstRow * rowBytes, rows * rowBytes);
  }

  /** Traces ops again, operands from outside as inputs. */
  private static final class Retracer implements RowOps.Operands {
    final Tracer tracer = new Tracer();
    final Map<Value, Source> sources = new HashMap<>();
    private final long rows;
    private final Map<Value, Value> inner = new HashMap<>();
    private final Map<Source, Value> inputs = new HashMap<>();

    Retracer(long rows) {
      this.rows = rows;
    }

    void add(Value member) {
      inner.put(member, tracer.append(RowOps.rewrite(member, this)));
    }

    Value inner(Value member) {
      return Objects.requireNonNull(inner.get(member));
    }

    @Override
    public Value rows(Value operand) {
      @Nullable Value known = inner.get(operand);
      return known == null ? input(new Source(operand, true)) : known;
    }

    @Override
    public Value whole(Value operand) {
      if (operand.op() instanceof Op.Scaled op) {
        // It may lie nowhere; its codes and scales do lie somewhere.
        return tracer.append(op.mapOperands(this::whole));
      }
      return input(new Source(operand, false));
    }

    private Value input(Source source) {
      return inputs.computeIfAbsent(source, this::newInput);
    }

    private Value newInput(Source source) {
      Shape shape = source.value().shape();
      if (source.byRows()) {
        shape = Shape.of(rows, shape.dim(1));
      }
      Value input = tracer.input("in" + sources.size(), source.value().dtype(), shape);
      sources.put(input, source);
      return input;
    }
  }
}
