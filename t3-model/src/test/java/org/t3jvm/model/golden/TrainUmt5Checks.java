package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Gradients of the text encoder on two prompts, of which padding is not computed. */
final class TrainUmt5Checks {
  private static final String OUT = "out";

  private TrainUmt5Checks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(new GoldenCase.OnBackend("gradients", backend -> check(set, fixture, backend)));
  }

  /**
   * The loss is a mean over the rows of all prompts: the sum over one prompt's rows, by the count
   * of all, is its part; gradients add up.
   */
  private static void check(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights =
            Loaded.open(set.folder().resolve(fixture.json().get("weights").asString()));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Umt5Config config = Umt5Checks.config(fixture, weights);
      int prompts = io.tensor("ids").shape().intDim(0);
      int rows = 0;
      for (int prompt = 0; prompt < prompts; prompt++) {
        rows += Umt5Checks.realTokens(io.tensor("mask").rows(prompt, 1));
      }
      Map<String, Tensor> sums = new HashMap<>();
      Tensor loss = Tensor.ofFloats(Shape.of(1), 0);
      for (int prompt = 0; prompt < prompts; prompt++) {
        int n = Umt5Checks.realTokens(io.tensor("mask").rows(prompt, 1));
        Graph graph = graph(config, weights, n, rows);
        Map<String, Tensor> inputs =
            Map.of(
                Umt5.IDS, Golden.ofRank(io.tensor("ids").rows(prompt, 1), 1).rows(0, n),
                Umt5.MASK, TextRows.mask(n, n),
                Objective.TARGET, Golden.ofRank(io.tensor("target").rows(prompt, 1), 2).rows(0, n));
        List<String> wanted = List.copyOf(graph.parameters().keySet());
        GradientChecks.Run run = GradientChecks.run(backend, graph, wanted, weights, inputs);
        Golden.within(
            "out, prompt " + prompt,
            run.output(OUT),
            Golden.ofRank(io.tensor(OUT).rows(prompt, 1), 2).rows(0, n),
            fixture.tolerance("out_abs"));
        loss.setDouble(0, loss.getDouble(0) + run.output(Objective.LOSS).getDouble(0));
        run.gradients()
            .forEach((name, gradient) -> sums.merge(name, gradient, TrainUmt5Checks::sum));
      }
      GradientChecks.compare(
          fixture, io, "", new GradientChecks.Run(Map.of(Objective.LOSS, loss), sums));
    }
  }

  private static Graph graph(Umt5Config config, Loaded weights, int n, int rows) {
    Tracer g = new Tracer();
    Value out = Umt5.trace(config, g, weights, n, Taps.NONE);
    g.output(OUT, out);
    Value difference = g.sub(out, g.input(Objective.TARGET, out.dtype(), out.shape()));
    Value squares = g.reshape(g.mul(difference, difference), out.shape().elements());
    Value sum = g.reduce(Op.Reduce.Kind.SUM, squares, 0);
    g.output(Objective.LOSS, g.affine(sum, 1f / ((float) rows * config.dim()), 0));
    return g.graph();
  }

  private static Tensor sum(Tensor a, Tensor b) {
    Tensor sum = Tensor.allocate(a.dtype(), a.shape());
    for (long i = 0; i < sum.shape().elements(); i++) {
      sum.setDouble(i, a.getDouble(i) + b.getDouble(i));
    }
    return sum;
  }
}
