package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.SlidingAxis;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import tools.jackson.databind.JsonNode;

/** Inward windows by themselves: FreeSwim's, and GCLF's with pooled keys (SPEC 20.2, 21.4). */
final class InwardAttentionChecks {
  private InwardAttentionChecks() {}

  static List<GoldenCase> freeSwim(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode each : fixture.json().get("cases")) {
      String name = each.get("case").asString();
      cases.add(new GoldenCase.OnHost(name + ", windows", () -> windows(fixture, each)));
      cases.add(new GoldenCase.OnBackend(name, backend -> inward(fixture, each, 1, backend)));
      if (fixture.ioNames().contains(name + ".full_out")) {
        cases.add(
            new GoldenCase.OnBackend(name + ", full", backend -> full(fixture, each, backend)));
      }
    }
    return cases;
  }

  static List<GoldenCase> gclf(FixtureSet set, Fixture fixture) {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode each : fixture.json().get("cases")) {
      int factor = each.get("spatial_down_factor").asInt();
      String name = each.get("case").asString();
      cases.add(new GoldenCase.OnBackend(name, backend -> inward(fixture, each, factor, backend)));
      cases.add(
          new GoldenCase.OnBackend(
              name + ", gradients", backend -> gradients(fixture, each, factor, backend)));
    }
    return cases;
  }

  private static void windows(Fixture fixture, JsonNode each) throws IOException {
    fixture.tolerance().requireExact("starts");
    String name = each.get("case").asString();
    TokenGrid grid = grid(each);
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      axis(new SlidingAxis(grid.h(), each.get("dh").asInt()), name + ".row", io);
      axis(new SlidingAxis(grid.w(), each.get("dw").asInt()), name + ".col", io);
    }
  }

  private static void axis(SlidingAxis axis, String name, Loaded io) {
    for (int i = 0; i < axis.extent(); i++) {
      long start = io.tensor(name + "_start").getLong(i);
      long count = io.tensor(name + "_count").getLong(i);
      if (axis.start(i) != start || axis.size() != count) {
        throw new AssertionError(
            "%s: the window of %d has %d keys from %d, should have %d from %d"
                .formatted(name, i, axis.size(), axis.start(i), count, start));
      }
    }
  }

  /** Attention in windows, with keys pooled by {@code factor}, if that is more than 1. */
  private static void inward(Fixture fixture, JsonNode each, int factor, Backend backend)
      throws IOException {
    AttentionPattern.Inward pattern = pattern(each, factor);
    JsonNode keys = each.get("keys_per_query");
    if (keys != null && keys.asLong() != pattern.keysEach()) {
      throw new AssertionError(
          "a query has %d keys, should have %d".formatted(pattern.keysEach(), keys.asLong()));
    }
    compare(fixture, each, pattern, factor, "out", backend);
  }

  private static AttentionPattern.Inward pattern(JsonNode each, int factor) {
    TokenGrid grid = grid(each);
    int pooled = factor == 1 ? 0 : Math.toIntExact(grid.tokens() / ((long) factor * factor));
    return new AttentionPattern.Inward(
        grid, each.get("dh").asInt(), each.get("dw").asInt(), pooled);
  }

  private static void full(Fixture fixture, JsonNode each, Backend backend) throws IOException {
    compare(fixture, each, new AttentionPattern.Full(), 1, "full_out", backend);
  }

  private static void compare(
      Fixture fixture,
      JsonNode each,
      AttentionPattern pattern,
      int factor,
      String what,
      Backend backend)
      throws IOException {
    String name = each.get("case").asString() + ".";
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tracer g = new Tracer();
      g.output("y", attention(g, fixture, each, pattern, factor, io));
      try (Program program = backend.compile(g.graph(), Parameters.of(Map.of()))) {
        Golden.within(
            name + what,
            Golden.named(program.run(inputs(io, name, "q", "k", "v")), "y"),
            io.tensor(name + what),
            fixture.tolerance().of(what + "_abs"));
      }
    }
  }

  /** Gradients of the sum of the result times {@code grad_out}. */
  private static void gradients(Fixture fixture, JsonNode each, int factor, Backend backend)
      throws IOException {
    String name = each.get("case").asString() + ".";
    List<String> wanted = List.of("q", "k", "v");
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tracer g = new Tracer();
      Value y = attention(g, fixture, each, pattern(each, factor), factor, io);
      Value product = g.mul(y, g.input("grad_out", DType.F32, y.shape()));
      Value all = g.reshape(product, y.shape().elements());
      g.output("loss", g.reduce(Op.Reduce.Kind.SUM, all, 0));
      Graph graph = Gradients.of(g.graph(), "loss", wanted);
      try (Program program = backend.compile(graph, Parameters.of(Map.of()))) {
        Map<String, Tensor> outputs = program.run(inputs(io, name, "q", "k", "v", "grad_out"));
        for (String operand : wanted) {
          Golden.within(
              name + "grad_" + operand,
              Golden.named(outputs, Gradients.nameOf(operand)),
              io.tensor(name + "grad_" + operand),
              fixture.tolerance().of("grad_abs"));
        }
      }
    }
  }

  private static Value attention(
      Tracer g, Fixture fixture, JsonNode each, AttentionPattern pattern, int factor, Loaded io) {
    JsonNode config = fixture.json().get("config");
    Shape shape = io.tensor(each.get("case").asString() + ".q").shape();
    Value q = g.input("q", DType.F32, shape);
    Value k = g.input("k", DType.F32, shape);
    Value v = g.input("v", DType.F32, shape);
    return g.attention(
        q,
        factor == 1 ? k : g.concat(0, k, pooled(g, k, grid(each), factor)),
        factor == 1 ? v : g.concat(0, v, pooled(g, v, grid(each), factor)),
        config.get("heads").asInt(),
        (float) config.get("scale").asDouble(),
        pattern,
        null);
  }

  private static Map<String, Tensor> inputs(Loaded io, String prefix, String... names) {
    Map<String, Tensor> inputs = new HashMap<>();
    for (String name : names) {
      inputs.put(name, io.tensor(prefix + name));
    }
    return inputs;
  }

  /** Means over {@code factor} by {@code factor} tokens of each frame of x [T*H*W, D]. */
  private static Value pooled(Tracer g, Value x, TokenGrid grid, int factor) {
    long columns = x.shape().dim(1);
    long rows = (long) grid.t() * grid.h() / factor;
    long across = grid.w() / factor;
    Value split = g.reshape(x, rows, factor, across, factor, columns);
    Value alongW = g.reduce(Op.Reduce.Kind.MEAN, split, 3);
    Value mean = g.reduce(Op.Reduce.Kind.MEAN, alongW, 1);
    return g.reshape(mean, rows * across, columns);
  }

  private static TokenGrid grid(JsonNode each) {
    return new TokenGrid(each.get("T").asInt(), each.get("H").asInt(), each.get("W").asInt());
  }
}
