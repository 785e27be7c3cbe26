package org.t3jvm.bench.peer.blas;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** One product. */
final class OpenBlasProgram implements Program {
  private final OpenBlas blas;
  private final int threads;
  private final Graph graph;
  private final Value y;
  private final Product product;
  private final Map<Value, Tensor> bound = new HashMap<>();

  OpenBlasProgram(
      OpenBlas blas,
      int threads,
      Graph graph,
      Value y,
      Product product,
      Function<Value, Tensor> binding) {
    this.blas = blas;
    this.threads = threads;
    this.graph = graph;
    this.y = y;
    this.product = product;
    for (Value operand : y.op().operands()) {
      if (!(operand.op() instanceof Op.Input)) {
        bound.put(operand, binding.apply(operand));
      }
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  /** Without an output to fill, nothing is computed. */
  @Override
  public void run(
      Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
    Bindings.requireInputs(graph, inputs);
    Bindings.requireOutputs(graph, outputs);
    for (Tensor output : outputs.values()) {
      multiply(inputs, output.segment());
    }
    graph.regions().forEach(listener::finished);
  }

  private void multiply(Map<String, Tensor> inputs, MemorySegment out) {
    int n = y.shape().intDim(-1);
    int k = product.a().shape().intDim(-1);
    int m = Math.toIntExact(product.a().shape().elements() / Math.max(k, 1));
    float beta = 0;
    if (product.bias() != null) {
      MemorySegment bias = operand(product.bias(), inputs);
      for (long row = 0; row < m; row++) {
        MemorySegment.copy(bias, 0, out, row * bias.byteSize(), bias.byteSize());
      }
      beta = 1;
    }
    blas.setThreads(threads);
    MemorySegment a = operand(product.a(), inputs);
    MemorySegment b = operand(product.b(), inputs);
    blas.multiply(m, n, k, a, b, product.transposeB(), beta, out);
  }

  private MemorySegment operand(Value value, Map<String, Tensor> inputs) {
    Tensor tensor =
        value.op() instanceof Op.Input input ? inputs.get(input.name()) : bound.get(value);
    if (tensor == null) {
      throw new IllegalStateException(value + " was checked and is missing");
    }
    return tensor.segment();
  }

  @Override
  public MemoryPlan memoryPlan() {
    long output = y.shape().elements() * y.dtype().byteSize();
    return new MemoryPlan(output, 0, bound.values().stream().mapToLong(Tensor::byteSize).sum());
  }

  @Override
  public void close() {}
}
