package org.t3jvm.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.t3jvm.bench.cli.Peers;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Runs graphs on peers and on the reference. */
final class PeerRuns {
  private static final int THREADS = 2;

  private PeerRuns() {}

  static PeerProvider peer(String name) {
    return Peers.all().stream()
        .filter(peer -> peer.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no peer " + name));
  }

  /** Opens a peer; without its natives the calling test is skipped. */
  static Backend openOrSkip(String name) {
    PeerProvider peer = peer(name);
    Availability availability = peer.availability();
    assumeTrue(
        availability instanceof Availability.Usable, name + ": " + availability.description());
    return peer.open(THREADS);
  }

  static Backend reference() {
    return Backends.named("reference").open(new BackendOptions(1));
  }

  /** The output {@code y} of the second of two runs: the first may still choose its ways. */
  static Tensor run(
      Backend backend, Graph graph, Map<String, Tensor> parameters, Map<String, Tensor> inputs) {
    return run(backend, graph, parameters, inputs, "y");
  }

  /** An output of the second of two runs. */
  static Tensor run(
      Backend backend,
      Graph graph,
      Map<String, Tensor> parameters,
      Map<String, Tensor> inputs,
      String output) {
    try (Program program = backend.compile(graph, Parameters.of(parameters))) {
      program.run(inputs);
      Tensor y = program.run(inputs).get(output);
      assertThat(y).as("output %s", output).isNotNull();
      return y;
    }
  }

  /** Random tensors; those of weight matrices by the root of their inputs smaller. */
  static Map<String, Tensor> tensors(Map<String, Value> values, Random random) {
    Map<String, Tensor> tensors = new HashMap<>();
    values.forEach(
        (name, value) -> {
          Tensor tensor = Tensor.allocate(value.dtype(), value.shape());
          boolean matrix = value.op() instanceof Op.Parameter && value.shape().rank() > 1;
          double deviation = matrix ? 1 / Math.sqrt((double) value.shape().inner(0)) : 1;
          for (long i = 0; i < value.shape().elements(); i++) {
            tensor.setDouble(i, deviation * random.nextGaussian());
          }
          tensors.put(name, tensor);
        });
    return tensors;
  }

  /** The largest difference as a share of the largest expected magnitude. */
  static double error(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    double largest = 0;
    double difference = 0;
    for (long i = 0; i < expected.shape().elements(); i++) {
      largest = Math.max(largest, Math.abs(expected.getDouble(i)));
      double distance = Math.abs(expected.getDouble(i) - actual.getDouble(i));
      difference = Double.isNaN(distance) ? Double.NaN : Math.max(difference, distance);
    }
    return difference / largest;
  }
}
