package org.t3jvm.model.golden;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;

/** Gradients of a loss against those that upstream's autograd gave. */
final class GradientChecks {
  private GradientChecks() {}

  /**
   * The outputs of a graph whose loss is {@link Objective#LOSS}, and its gradients by the names of
   * what they are of.
   */
  record Run(Map<String, Tensor> outputs, Map<String, Tensor> gradients) {
    Tensor output(String name) {
      return Golden.named(outputs, name);
    }
  }

  /**
   * Runs a graph and its gradients.
   *
   * @param wanted parameters and inputs
   * @param inputs of the graph
   */
  static Run run(
      Backend backend,
      Graph graph,
      List<String> wanted,
      Parameters weights,
      Map<String, Tensor> inputs) {
    Graph gradients = Gradients.of(graph, Objective.LOSS, wanted);
    Map<String, Tensor> given = new HashMap<>(inputs);
    wanted.forEach(name -> given.computeIfAbsent(name, weights::tensor));
    try (Program program = backend.compile(gradients, weights)) {
      Map<String, Tensor> outputs = program.run(given);
      Map<String, Tensor> byName = new HashMap<>();
      wanted.forEach(name -> byName.put(name, Golden.named(outputs, Gradients.nameOf(name))));
      return new Run(outputs, byName);
    }
  }

  /** The loss, and all gradients and norms of a run whose names start with {@code prefix}. */
  static void compare(Fixture fixture, Loaded io, String prefix, Run run) {
    Tolerance tolerance = fixture.tolerance();
    relative(
        prefix + "loss",
        run.output(Objective.LOSS).getDouble(0),
        io.tensor(prefix + "loss").getDouble(0),
        tolerance.of("loss_rel"));
    List<String> compared = new ArrayList<>();
    for (String name : io.shapes().keySet()) {
      if (name.startsWith(prefix + "grad.")) {
        String of = name.substring(prefix.length() + "grad.".length());
        Tensor expected = io.tensor(name);
        Golden.within(
            name,
            Golden.named(run.gradients, of),
            expected,
            tolerance.of("grad_rel_to_tensor_max") * largest(expected));
        compared.add(name);
      } else if (name.startsWith(prefix + "grad_norm.")) {
        String of = name.substring(prefix.length() + "grad_norm.".length());
        relative(
            name,
            norm(List.of(Golden.named(run.gradients, of))),
            io.tensor(name).getDouble(0),
            tolerance.of("grad_norm_rel"));
        compared.add(name);
      }
    }
    if (compared.isEmpty()) {
      throw new AssertionError("there are no gradients named " + prefix + "grad");
    }
  }

  static void relative(String what, double actual, double expected, double tolerance) {
    if (!(Math.abs(actual - expected) <= tolerance * Math.abs(expected))) {
      throw new AssertionError(
          "%s is %s, should be %s, give or take %s of it"
              .formatted(what, actual, expected, tolerance));
    }
  }

  static double norm(Iterable<Tensor> tensors) {
    double squares = 0;
    for (Tensor tensor : tensors) {
      for (long i = 0; i < tensor.shape().elements(); i++) {
        squares += tensor.getDouble(i) * tensor.getDouble(i);
      }
    }
    return Math.sqrt(squares);
  }

  static double largest(Tensor x) {
    double largest = 0;
    for (long i = 0; i < x.shape().elements(); i++) {
      largest = Math.max(largest, Math.abs(x.getDouble(i)));
    }
    return largest;
  }

  /** Weights after a step: near everywhere, and nearer on average. */
  static void afterStep(Fixture fixture, String name, Tensor actual, Tensor expected) {
    Golden.within(name, actual, expected, fixture.tolerance("after_step_max_abs"));
    double sum = 0;
    for (long i = 0; i < expected.shape().elements(); i++) {
      sum += Math.abs(actual.getDouble(i) - expected.getDouble(i));
    }
    double mean = sum / expected.shape().elements();
    if (!(mean <= fixture.tolerance("after_step_tensor_mean_abs"))) {
      throw new AssertionError(
          "%s: mean abs error %s, tolerance %s"
              .formatted(name, mean, fixture.tolerance("after_step_tensor_mean_abs")));
    }
  }
}
