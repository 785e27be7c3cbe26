package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** What ops state about themselves, against what the reference computes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpTraitsTest {
  private static final long MOST_ELEMENTS = 100_000;

  private final Backend reference = Backends.named("reference").open(new BackendOptions(1));

  @AfterAll
  void close() {
    reference.close();
  }

  /** Every op of the matrix. */
  @TestFactory
  Stream<DynamicTest> rebuildsItself() {
    return cases(Op.class).map(c -> DynamicTest.dynamicTest(c.name(), () -> rebuilds(op(c))));
  }

  private static void rebuilds(Op op) {
    List<Value> seen = new ArrayList<>();
    assertThat(
            op.mapOperands(
                operand -> {
                  seen.add(operand);
                  return operand;
                }))
        .isEqualTo(op);
    assertThat(seen).isEqualTo(op.operands());
    assertThat(op.operands()).containsAll(op.overwritable());
    if (!op.operands().isEmpty()) {
      Value other = new Tracer().input("other", DType.F32, Shape.of(1));
      assertThat(op.mapOperands(operand -> other).operands())
          .hasSameSizeAs(op.operands())
          .containsOnly(other);
    }
  }

  /** Rows that are computed apart have the bits that they have among all rows. */
  @TestFactory
  Stream<DynamicTest> independentRows() {
    return cases(Op.class)
        .filter(c -> result(c).shape().rank() > 1 && op(c).hasIndependentRows())
        .filter(c -> result(c).shape().dim(0) > 1 && ofGiven(c))
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> computesRowsApart(c)));
  }

  private void computesRowsApart(OpCase c) {
    Value result = result(c);
    long rows = result.shape().dim(0);
    long first = rows / 3;
    long count = Math.max(1, rows / 2);
    Tensor all = run(op(c).mapOperands(v -> v), given(c));
    int[] next = {0};
    Map<Value, Tensor> given = given(c);
    Map<Value, Tensor> parts = new HashMap<>();
    Tracer values = new Tracer();
    Op part =
        op(c)
            .mapOperands(
                operand -> {
                  int i = next[0]++;
                  Tensor tensor = tensor(given, operand);
                  if (op(c).readsRows(i, result.shape())) {
                    tensor = rows(tensor, first, count);
                  }
                  Value value = values.input("in" + i, tensor.dtype(), tensor.shape());
                  parts.put(value, tensor);
                  return value;
                });
    Tensor some = run(part, parts);
    assertThat(some.segment().mismatch(rows(all, first, count).segment())).isEqualTo(-1);
  }

  /** A view's elements are those of its base, from its offset on. */
  @TestFactory
  Stream<DynamicTest> views() {
    return cases(MovementOp.class)
        .filter(c -> ((MovementOp) op(c)).view() != null && ofGiven(c))
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> liesWithinItsBase(c)));
  }

  private void liesWithinItsBase(OpCase c) {
    MovementOp.View view = Objects.requireNonNull(((MovementOp) op(c)).view());
    Map<Value, Tensor> given = given(c);
    Tensor computed = run(op(c).mapOperands(v -> v), given);
    MemorySegment base = tensor(given, view.base()).segment();
    long bytes = computed.segment().byteSize();
    assertThat(base.asSlice(view.offset(), bytes).mismatch(computed.segment())).isEqualTo(-1);
  }

  private static Stream<OpCase> cases(Class<? extends Op> family) {
    return OpCases.all().stream()
        .filter(c -> family.isInstance(op(c)))
        .filter(c -> result(c).shape().elements() <= MOST_ELEMENTS);
  }

  private static Value result(OpCase c) {
    return Objects.requireNonNull(c.graph().outputs().get(OpCase.OUTPUT));
  }

  private static Op op(OpCase c) {
    return result(c).op();
  }

  private static boolean ofGiven(OpCase c) {
    return op(c).operands().stream().allMatch(v -> v.op() instanceof Op.Given);
  }

  private static Map<Value, Tensor> given(OpCase c) {
    Map<Value, Tensor> given = new HashMap<>();
    Map<String, Tensor> inputs = c.inputs();
    Map<String, Tensor> parameters = c.parameters();
    for (Value value : c.graph().values()) {
      switch (value.op()) {
        case Op.Input op -> given.put(value, tensor(inputs, op.name()));
        case Op.Parameter op -> given.put(value, tensor(parameters, op.name()));
        case Op.Constant op -> given.put(value, op.tensor());
        case Op.Computed _ -> {}
      }
    }
    return given;
  }

  private static Tensor tensor(Map<?, Tensor> tensors, Object key) {
    return Objects.requireNonNull(tensors.get(key));
  }

  private static Tensor rows(Tensor tensor, long first, long count) {
    long row = tensor.shape().inner(0) * tensor.dtype().byteSize();
    Tensor rows = Tensor.allocate(tensor.dtype(), tensor.shape().with(0, count));
    rows.segment().copyFrom(tensor.segment().asSlice(first * row, count * row));
    return rows;
  }

  private Tensor run(Op op, Map<Value, Tensor> given) {
    Tracer g = new Tracer();
    Map<String, Tensor> inputs = new HashMap<>();
    Value y =
        g.append(
            op.mapOperands(
                operand -> {
                  String name = "in" + inputs.size();
                  Tensor tensor = tensor(given, operand);
                  inputs.put(name, tensor);
                  return g.input(name, tensor.dtype(), tensor.shape());
                }));
    g.output("y", y);
    try (Program program = reference.compile(g.graph(), Parameters.of(Map.of()))) {
      return Objects.requireNonNull(program.run(inputs).get("y"));
    }
  }
}
