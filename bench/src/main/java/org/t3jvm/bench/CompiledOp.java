package org.t3jvm.bench;

import java.util.HashMap;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.random.TorchRandom;

/** A small graph compiled for a backend, with seeded normal values for parameters and inputs. */
final class CompiledOp implements AutoCloseable {
  /** Seed of all values, so that runs are comparable. */
  static final long SEED = 20251215;

  /** Traces what is measured and gives its result. */
  @FunctionalInterface
  interface Body {
    /** The value to compute. */
    Value trace(Tracer g);
  }

  private final Backend backend;
  private final Program program;
  private final Map<String, Tensor> inputs = new HashMap<>();
  private final Map<String, Tensor> outputs = new HashMap<>();

  CompiledOp(String backendName, int threads, Body body) {
    Tracer g = new Tracer();
    g.output("y", body.trace(g));
    Graph graph = g.graph();
    TorchRandom random = new TorchRandom(SEED);
    Map<String, Tensor> parameters = new HashMap<>();
    graph.parameters().forEach((name, value) -> parameters.put(name, normal(random, value)));
    graph.inputs().forEach((name, value) -> inputs.put(name, normal(random, value)));
    graph
        .outputs()
        .forEach((name, value) -> outputs.put(name, Tensor.allocate(value.dtype(), value.shape())));
    backend = Backends.named(backendName).open(new BackendOptions(threads));
    program = backend.compile(graph, Parameters.of(parameters));
  }

  private static Tensor normal(TorchRandom random, Value value) {
    return random.randn(value.shape()).to(value.dtype());
  }

  /** A float parameter of the graph that is being traced. */
  static Value parameter(Tracer g, String name, DType dtype, long... dims) {
    return g.parameter(name, dtype, Shape.of(dims));
  }

  /** An F32 input of the graph that is being traced. */
  static Value input(Tracer g, String name, long... dims) {
    return g.input(name, DType.F32, Shape.of(dims));
  }

  /** Runs once and gives the result. */
  Tensor run() {
    program.run(inputs, outputs, RegionListener.NONE);
    return outputs.values().iterator().next();
  }

  @Override
  public void close() {
    program.close();
    backend.close();
  }
}
