package org.t3jvm.model.train;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.GradientSet;
import org.t3jvm.tensor.optim.LearningRate;
import org.t3jvm.tensor.optim.Optimizer;
import org.t3jvm.tensor.optim.WeightAverage;

/**
 * Steps of training: the gradients of some examples, averaged, clipped, and given to an optimiser.
 * Weights are F32 and change in place; the same examples give the same bits on any number of
 * threads.
 */
public final class Trainer implements AutoCloseable {
  /**
   * An example.
   *
   * @param size which graph it is for
   * @param inputs of that graph
   */
  public record Example(Shape size, Map<String, Tensor> inputs) {}

  /** The graphs that are trained, one a size, each with the output {@link Objective#LOSS}. */
  @FunctionalInterface
  public interface Graphs {
    /** The graph of a size. */
    Graph of(Shape size);
  }

  /**
   * How steps are taken.
   *
   * @param clip largest norm of all gradients of a step
   * @param recompute whether values within regions are computed twice, for less memory
   */
  public record Settings(double clip, boolean recompute) {
    /** As T3's training: norms clipped to 1 (SPEC 21.3). */
    public static final Settings USUAL = new Settings(1, false);
  }

  /**
   * What a step did.
   *
   * @param loss mean over its examples
   * @param norm of the gradients before clipping
   * @param rate learning rate
   * @param skipped whether weights were left alone, because a gradient was not finite
   */
  public record Report(double loss, double norm, double rate, boolean skipped) {}

  private final Backend backend;
  private final Parameters frozen;
  private final Map<String, Tensor> weights;
  private final Graphs graphs;
  private final Settings settings;
  private final Map<Shape, Program> programs = new HashMap<>();
  private final Map<String, Tensor> sums;
  private @Nullable Map<String, Tensor> parts;

  /**
   * A trainer of some weights.
   *
   * @param frozen the parameters that stay as they are
   * @param weights what is trained, F32, by the names that the graphs have for them
   */
  public Trainer(
      Backend backend,
      Parameters frozen,
      Map<String, Tensor> weights,
      Graphs graphs,
      Settings settings) {
    this.backend = backend;
    this.frozen = frozen;
    this.weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    this.graphs = graphs;
    this.settings = settings;
    this.sums = like(weights);
  }

  /** What is trained, by name; the tensors change with every step. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /**
   * One step.
   *
   * @param examples at least one; their gradients count alike
   * @param average takes the new weights into account, if there is one
   */
  public Report step(
      List<Example> examples,
      Optimizer optimizer,
      LearningRate rate,
      Optional<WeightAverage> average,
      RegionListener listener) {
    double loss = 0;
    for (int i = 0; i < examples.size(); i++) {
      loss += gradients(examples.get(i), i == 0 ? sums : parts(), listener);
      if (i > 0) {
        GradientSet.add(sums, parts());
      }
    }
    if (examples.size() > 1) {
      GradientSet.scale(sums, 1f / examples.size());
    }
    double norm = GradientSet.norm(sums);
    double now = rate.at(optimizer.steps());
    boolean finite = Double.isFinite(norm);
    if (finite) {
      GradientSet.clip(sums, norm, settings.clip());
      optimizer.step(weights, sums, now);
      average.ifPresent(each -> each.update(weights));
    }
    return new Report(loss / examples.size(), norm, now, !finite);
  }

  /** Computes the gradients of an example, and gives its loss. */
  private double gradients(Example example, Map<String, Tensor> to, RegionListener listener) {
    Map<String, Tensor> inputs = new HashMap<>(example.inputs());
    inputs.putAll(weights);
    Map<String, Tensor> outputs = new HashMap<>();
    to.forEach((name, tensor) -> outputs.put(Gradients.nameOf(name), tensor));
    Tensor loss = Tensor.allocate(DType.F32, Shape.of(1));
    outputs.put(Objective.LOSS, loss);
    program(example.size()).run(inputs, outputs, listener);
    return loss.getDouble(0);
  }

  private Program program(Shape size) {
    return programs.computeIfAbsent(
        size, key -> backend.compile(gradientGraph(graphs.of(key)), frozen));
  }

  private Graph gradientGraph(Graph graph) {
    return Gradients.of(graph, Objective.LOSS, weights.keySet(), region -> settings.recompute());
  }

  /** What the gradients of a size need, known before a step; weights and optimiser not included. */
  public MemoryPlan memoryPlan(Shape size) {
    return program(size).memoryPlan();
  }

  private Map<String, Tensor> parts() {
    if (parts == null) {
      parts = like(weights);
    }
    return Objects.requireNonNull(parts);
  }

  private static Map<String, Tensor> like(Map<String, Tensor> weights) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.forEach(
        (name, weight) -> tensors.put(name, Tensor.allocate(DType.F32, weight.shape())));
    return tensors;
  }

  @Override
  public void close() {
    programs.values().forEach(Program::close);
    programs.clear();
  }
}
