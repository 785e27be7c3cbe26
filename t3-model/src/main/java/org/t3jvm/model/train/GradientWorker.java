package org.t3jvm.model.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.GradientSet;

/** One backend that computes the gradients of examples, with programs and buffers of its own. */
final class GradientWorker implements AutoCloseable {
  private final Backend backend;
  private final Parameters frozen;
  private final Map<String, Tensor> weights;
  private final int threads;
  private final Map<Shape, Program> programs = new HashMap<>();
  private @Nullable Map<String, Tensor> parts;
  private long dataNanos;
  private long graphNanos;
  private long exampleBytes;

  GradientWorker(Backend backend, Parameters frozen, Map<String, Tensor> weights, int threads) {
    this.backend = backend;
    this.frozen = frozen;
    this.weights = weights;
    this.threads = threads;
  }

  /** What all workers of a step share. */
  @SuppressWarnings("ArrayRecordComponent")
  record Step(
      AtomicInteger claimed,
      double[] losses,
      Trainer.Examples examples,
      Map<String, Tensor> sums,
      OrderedSum order,
      RegionListener listener) {}

  /** Computes examples of a step until none is left. */
  void run(Step step, Trainer.Graphs graphs) {
    dataNanos = 0;
    graphNanos = 0;
    exampleBytes = 0;
    try {
      for (int i = step.claimed.getAndIncrement();
          i < step.losses.length && !step.order.failed();
          i = step.claimed.getAndIncrement()) {
        one(step, i, graphs);
      }
    } catch (RuntimeException | Error e) {
      step.order.fail();
      throw e;
    }
  }

  private void one(Step step, int index, Trainer.Graphs graphs) {
    long started = System.nanoTime();
    Trainer.Example example = step.examples.at(index);
    long made = System.nanoTime();
    for (Tensor input : example.inputs().values()) {
      exampleBytes += input.segment().byteSize();
    }
    Map<String, Tensor> to = index == 0 ? step.sums : parts();
    step.losses[index] = gradients(example, to, graphs, step.listener);
    graphNanos += System.nanoTime() - made;
    dataNanos += made - started;
    step.order.add(
        index,
        () -> {
          if (index > 0) {
            GradientSet.add(step.sums, to, threads);
          }
        });
  }

  /** Computes the gradients of an example, and gives its loss. */
  private double gradients(
      Trainer.Example example,
      Map<String, Tensor> to,
      Trainer.Graphs graphs,
      RegionListener listener) {
    Map<String, Tensor> inputs = new HashMap<>(example.inputs());
    inputs.putAll(weights);
    Map<String, Tensor> outputs = new HashMap<>();
    to.forEach((name, tensor) -> outputs.put(Gradients.nameOf(name), tensor));
    Tensor loss = Tensor.allocate(DType.F32, Shape.of(1));
    outputs.put(Objective.LOSS, loss);
    program(example.size(), graphs).run(inputs, outputs, listener);
    return loss.getDouble(0);
  }

  private Program program(Shape size, Trainer.Graphs graphs) {
    Program known = programs.get(size);
    if (known != null) {
      return known;
    }
    Graph graph = graphs.of(size);
    Program compiled = backend.compile(graph, frozen);
    programs.put(size, compiled);
    return compiled;
  }

  private Map<String, Tensor> parts() {
    if (parts == null) {
      parts = like(weights);
    }
    return Objects.requireNonNull(parts);
  }

  /** Tensors of the shapes of others. */
  static Map<String, Tensor> like(Map<String, Tensor> tensors) {
    Map<String, Tensor> alike = new LinkedHashMap<>();
    tensors.forEach((name, each) -> alike.put(name, Tensor.allocate(DType.F32, each.shape())));
    return alike;
  }

  /** Nanoseconds of the last step in which examples were made. */
  long dataNanos() {
    return dataNanos;
  }

  /** Bytes of the inputs of the last step's examples. */
  long exampleBytes() {
    return exampleBytes;
  }

  /** Nanoseconds of the last step in which programs were compiled and run. */
  long graphNanos() {
    return graphNanos;
  }

  @Override
  public void close() {
    programs.values().forEach(Program::close);
    programs.clear();
  }
}
