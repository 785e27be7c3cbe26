package org.t3jvm.bench.peer.blas;

import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Runs graphs that are one product of F32 matrices. */
final class OpenBlasBackend implements Backend {
  private final int threads;

  OpenBlasBackend(int threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return OpenBlasPeer.NAME;
  }

  /**
   * Compiles a graph of one linear or matmul, whose x, a and b are inputs or parameters.
   *
   * @throws BackendException for any other graph
   */
  @Override
  public Program compile(Graph graph, Parameters parameters) {
    List<Value> computed = graph.values().stream().filter(value -> !isGiven(value)).toList();
    if (computed.size() != 1 || graph.outputs().size() != 1) {
      throw unsupported("a graph of %d ops".formatted(computed.size()));
    }
    Value y = computed.getFirst();
    for (Value operand : y.op().operands()) {
      if (operand.dtype() != DType.F32) {
        throw unsupported(operand.toString());
      }
    }
    Product product;
    if (y.op() instanceof Op.Linear op) {
      product = new Product(op.x(), op.weight(), true, op.bias());
    } else if (y.op() instanceof Op.MatMul op && op.b().shape().rank() == 2) {
      product = new Product(op.a(), op.b(), op.transposeB(), null);
    } else {
      throw unsupported(y.toString());
    }
    return new OpenBlasProgram(
        OpenBlas.get(), threads, graph, y, product, value -> bound(value, parameters));
  }

  private static boolean isGiven(Value value) {
    return value.op() instanceof Op.Given;
  }

  private static Tensor bound(Value value, Parameters parameters) {
    return switch (value.op()) {
      case Op.Parameter op -> Bindings.parameter(op.name(), value, parameters);
      case Op.Constant op -> op.tensor();
      case Op.Input _, Op.Computed _ ->
          throw new IllegalArgumentException(value + " is not bound when compiling");
    };
  }

  private static BackendException unsupported(String what) {
    return new BackendException(
        "openblas: not supported: %s; only one linear or matmul of F32 matrices is"
            .formatted(what));
  }

  /** Its threads sleep between runs and stay for the next backend. */
  @Override
  public void close() {}
}
