package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.SelfAttentionProbe;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;
import tools.jackson.databind.JsonNode;

/**
 * T3 window self-attention by itself (SPEC 5): q, k and v, the averaged windows, the projection.
 */
final class SelfAttentionChecks {
  private static final String WEIGHTS = "_weights.safetensors";

  private SelfAttentionChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode each : fixture.json().get("cases")) {
      cases.add(
          new GoldenCase.OnBackend(
              each.get("case").asString(), backend -> check(fixture, each, backend)));
    }
    return cases;
  }

  private static void check(Fixture fixture, JsonNode each, Backend backend) throws IOException {
    Tolerance tolerance = fixture.tolerance();
    requireEps(fixture);
    TokenGrid grid = new TokenGrid(number(each, "T"), number(each, "H"), number(each, "W"));
    AttentionPattern pattern = pattern(each, grid);
    try (Loaded weights = Loaded.open(fixture.path(WEIGHTS));
        Loaded io = Loaded.open(fixture.path("not weights", file -> !file.endsWith(WEIGHTS)))) {
      Tensor x = Golden.ofRank(io.tensor("x"), 2);
      int dim = x.shape().intDim(1);
      int heads = number(fixture.json(), "heads");
      try (Program program =
          backend.compile(SelfAttentionProbe.graph(dim, heads, weights, grid, pattern), weights)) {
        Map<String, Tensor> outputs = program.run(Map.of(SelfAttentionProbe.X, x));
        double projected = tolerance.of("q_rope_k_rope_v_abs");
        for (String name : List.of("q_rope", "k_rope", "v")) {
          Golden.within(
              name, Golden.named(outputs, "self_attn." + name), io.tensor(name), projected);
        }
        String name = each.get("case").asString();
        Golden.within(
            name + ".attn",
            Golden.named(outputs, "self_attn.attn"),
            io.tensor(name + ".attn"),
            tolerance.of("attn_abs"));
        if (io.has(name + ".out")) {
          Golden.within(
              name + ".out",
              Golden.named(outputs, SelfAttentionProbe.OUT),
              io.tensor(name + ".out"),
              tolerance.of("out_abs"));
        }
      }
    }
  }

  private static AttentionPattern pattern(JsonNode each, TokenGrid grid) {
    WindowCounts counts =
        new WindowCounts(number(each, "n_t"), number(each, "n_h"), number(each, "n_w"));
    boolean same =
        new AttentionPattern.Windows(grid, counts, AttentionPattern.Grouping.BOTH)
            .closeEqualsRemote();
    if (same != each.get("close_equals_remote").asBoolean()) {
      throw new AssertionError(
          "windows %s of grid %s: close equals remote is %s, should be %s"
              .formatted(counts, grid, same, !same));
    }
    return new T3Windows(List.of(counts)).pattern(0, grid);
  }

  private static void requireEps(Fixture fixture) {
    double eps = fixture.json().get("eps").asDouble();
    if ((float) eps != SelfAttentionProbe.eps()) {
      throw new AssertionError(
          "norms have eps %s, should be %s".formatted(SelfAttentionProbe.eps(), eps));
    }
  }

  private static int number(JsonNode node, String field) {
    return node.get(field).asInt();
  }
}
