package org.t3jvm.tensor.grad;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Traces a graph again and after it, from the loss back, the gradients. Rules see the given graph's
 * values and ask here for what stands for them.
 */
final class Reverse {
  private static final String BACKWARD = ".backward";

  private final Graph graph;
  private final Value loss;
  private final Dependence dependence;
  private final Predicate<Region> recomputed;
  private final Tracer g = new Tracer();

  /** What stands for each value, and for each attention what its gradient needs. */
  private final Map<Value, Value> copies = new HashMap<>();

  private final Map<Value, List<AttentionPasses.Pass>> passes = new HashMap<>();
  private final Map<Value, Adjoint> adjoints = new HashMap<>();

  Reverse(Graph graph, Value loss, Dependence dependence, Predicate<Region> recomputed) {
    this.graph = graph;
    this.loss = loss;
    this.dependence = dependence;
    this.recomputed = recomputed;
  }

  Graph trace(Collection<String> wanted) {
    forward();
    graph.outputs().forEach((name, value) -> g.output(name, of(value)));
    if (dependence.has(loss)) {
      float[] one = {1};
      add(loss, g.constant(Tensor.ofFloats(Shape.of(1), one).reshape(loss.shape())));
    }
    backward();
    for (String name : wanted) {
      Value source = Objects.requireNonNull(dependence.sources().get(name));
      @Nullable Value gradient = adjoint(source);
      g.output(Gradients.nameOf(name), gradient == null ? zeros(source.shape()) : gradient);
    }
    return g.graph();
  }

  private void forward() {
    int done = 0;
    for (Region region : graph.regions()) {
      copyAll(graph.values().subList(done, region.first()), true);
      List<Value> inside = graph.values().subList(region.first(), region.end());
      // What is computed for the gradients may differ between regions of one kind.
      boolean active = inside.stream().anyMatch(dependence::has);
      String kind = active ? region.name() : region.kind();
      g.region(region.name(), kind, () -> copyAll(inside, !recomputed.test(region)));
      done = region.end();
    }
    copyAll(graph.values().subList(done, graph.values().size()), true);
  }

  private void backward() {
    int next = graph.values().size();
    for (Region region : graph.regions().reversed()) {
      differentiate(graph.values().subList(region.end(), next));
      List<Value> inside = graph.values().subList(region.first(), region.end());
      if (inside.stream().anyMatch(value -> dependence.has(value) && adjoints.containsKey(value))) {
        String name = region.name() + BACKWARD;
        g.region(
            name,
            name,
            () -> {
              if (recomputed.test(region)) {
                copyAll(inside, true);
              }
              return differentiate(inside);
            });
      }
      next = region.first();
    }
    differentiate(graph.values().subList(0, next));
  }

  /**
   * Traces values once more.
   *
   * @param differentiated whether their gradients are computed from these copies
   */
  private boolean copyAll(List<Value> values, boolean differentiated) {
    for (Value value : values) {
      copies.put(value, copy(value, differentiated));
    }
    return differentiated;
  }

  private Value copy(Value value, boolean differentiated) {
    return switch (value.op()) {
      case Op.Input input -> input(input.name(), value);
      case Op.Parameter parameter when dependence.sources().containsKey(parameter.name()) ->
          input(parameter.name(), value);
      case Op.Parameter parameter -> g.parameter(parameter.name(), value.dtype(), value.shape());
      case Op.Constant constant -> g.constant(constant.tensor());
      case Op.Attention attention when dependence.has(value) ->
          attention(value, attention.mapOperands(this::of), differentiated);
      case Op.Computed op -> g.append(op.mapOperands(this::of));
    };
  }

  private Value attention(Value value, Op.Attention op, boolean differentiated) {
    if (!differentiated) {
      return AttentionPasses.unsaved(g, op);
    }
    List<AttentionPasses.Pass> all = AttentionPasses.of(g, op);
    passes.put(value, all);
    return AttentionPasses.result(g, all);
  }

  /** An input within a region that is computed twice is still one input. */
  private Value input(String name, Value value) {
    Value known = copies.get(value);
    return known == null ? g.input(name, value.dtype(), value.shape()) : known;
  }

  private boolean differentiate(List<Value> values) {
    for (Value value : values.reversed()) {
      if (dependence.has(value)) {
        @Nullable Value gradient = adjoint(value);
        if (gradient != null) {
          Rules.apply(value, gradient, this);
        }
      }
    }
    return !values.isEmpty();
  }

  private @Nullable Value adjoint(Value value) {
    Adjoint adjoint = adjoints.get(value);
    return adjoint == null ? null : adjoint.total(this, value.shape());
  }

  /** Where gradients are traced. */
  Tracer tracer() {
    return g;
  }

  /** What stands for a value of the given graph. */
  Value of(Value value) {
    return Objects.requireNonNull(copies.get(value), value::toString);
  }

  @Nullable Value ofNullable(@Nullable Value value) {
    return value == null ? null : of(value);
  }

  /** The passes of an attention that is differentiated. */
  List<AttentionPasses.Pass> passes(Value attention) {
    return Objects.requireNonNull(passes.get(attention), attention::toString);
  }

  /** Whether the gradient of an operand is wanted. */
  boolean wants(@Nullable Value operand) {
    return operand != null && dependence.has(operand);
  }

  /** Adds to the gradient of an operand that is wanted; the gradient has its shape. */
  void add(Value operand, Value gradient) {
    adjoints.computeIfAbsent(operand, value -> new Adjoint()).add(gradient);
  }

  /** Adds to the part {@code [start, ...)} along an axis of an operand's gradient. */
  void add(Value operand, int axis, long start, Value gradient) {
    adjoints.computeIfAbsent(operand, value -> new Adjoint()).add(axis, start, gradient);
  }

  /** Zeros, F32. */
  Value zeros(Shape shape) {
    return g.append(
        new GradientOp.Broadcast(g.constant(Tensor.allocate(DType.F32, Shape.of(1))), shape));
  }

  /** The sums of a value over the axes along which {@code shape} was broadcast to it. */
  Value sumTo(Value value, Shape shape) {
    Value sum = value;
    int extra = value.shape().rank() - shape.rank();
    for (int axis = 0; axis < value.shape().rank(); axis++) {
      boolean spread = axis < extra || shape.dim(axis - extra) == 1;
      if (spread && sum.shape().dim(axis) != 1) {
        sum = g.reduce(Op.Reduce.Kind.SUM, sum, axis);
      }
    }
    return reshape(sum, shape);
  }

  /** The same elements under a shape. */
  Value reshape(Value value, Shape shape) {
    return value.shape().equals(shape) ? value : g.append(new MovementOp.Reshape(value, shape));
  }
}
