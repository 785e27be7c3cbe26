package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * A step of FreeSwim as its authors compute it (SPEC 20.4): the same latents twice, both through
 * all layers to the end, though the window branch's queries of cross-attention and the full
 * branch's velocity are discarded. It gives what {@link Dit} gives on two paths.
 */
final class FreeSwimUpstream {
  /** Name of the output that nobody needs. */
  private static final String DISCARDED = "discarded.";

  private static final float EPS = 1e-6f;

  private final DitConfig config;
  private final Tracer g = new Tracer();
  private final Weights weights;
  private final TokenGrid grid;
  private final float scale;

  /** Who attends to whom in the two branches, the window's first. */
  private final List<AttentionPattern> patterns;

  private FreeSwimUpstream(
      DitConfig config, InwardWindows windows, ParameterTypes parameters, TokenGrid grid) {
    this.config = config;
    this.weights = Weights.of(g, parameters);
    this.grid = grid;
    this.scale = windows.scale(config);
    this.patterns = List.of(windows.pattern(0, grid), new AttentionPattern.Full());
  }

  /** The graph of a step, with the inputs and parameters of {@link Dit}'s. */
  static Graph graph(
      DitConfig config,
      InwardWindows windows,
      ParameterTypes parameters,
      TokenGrid grid,
      int textRows) {
    FreeSwimUpstream step = new FreeSwimUpstream(config, windows, parameters, grid);
    step.forward(textRows);
    return step.g.graph();
  }

  private void forward(int textRows) {
    Shape frames =
        Shape.of(
            config.inChannels(),
            grid.t(),
            (long) grid.h() * config.patchH(),
            (long) grid.w() * config.patchW());
    Value latents = g.input(Dit.LATENTS, DType.F32, frames);
    Value sinusoid = g.input(Dit.SINUSOID, DType.F32, Shape.of(1, config.freqDim()));
    Value e =
        weights.linear("time_embedding.2", g.silu(weights.linear("time_embedding.0", sinusoid)));
    Value projected = weights.linear("time_projection.1", g.silu(e));
    List<Value> branches = List.of(patchify(latents), patchify(latents));
    Shape text = Shape.of(textRows, config.dim());
    for (int i = 0; i < config.layers(); i++) {
      Value k = g.input(DitText.key(i), DType.F32, text);
      Value v = g.input(DitText.value(i), DType.F32, text);
      branches = block(i, branches, projected, k, v);
    }
    g.output(Dit.VELOCITY, head(branches.get(0), e));
    g.output(DISCARDED + Dit.VELOCITY, head(branches.get(1), e));
  }

  private List<Value> block(int layer, List<Value> branches, Value projected, Value k, Value v) {
    Weights block = weights.at("blocks." + layer);
    List<Value> m = vectors(block.get("modulation"), projected, 6);
    List<Value> attended = new ArrayList<>();
    List<Value> queries = new ArrayList<>();
    for (int branch = 0; branch < branches.size(); branch++) {
      Value x = branches.get(branch);
      Value y = modulated(x, m.get(0), m.get(1));
      Value sum = g.gatedResidual(x, m.get(2), selfAttention(block.at("self_attn"), y, branch));
      Weights cross = block.at("cross_attn");
      Value z = g.layerNorm(sum, block.get("norm3.weight"), block.get("norm3.bias"), EPS);
      queries.add(g.rmsNorm(cross.linear("q", z), cross.get("norm_q.weight"), EPS));
      attended.add(sum);
    }
    g.output(DISCARDED + layer, queries.get(0));
    Value context =
        g.attention(
            queries.get(1),
            k,
            v,
            config.heads(),
            config.attentionScale(),
            new AttentionPattern.Full(),
            null);
    return attended.stream()
        .map(
            x -> {
              Value sum = g.add(x, block.linear("cross_attn.o", context));
              Value hidden = block.linear("ffn.0", modulated(sum, m.get(3), m.get(4)));
              return g.gatedResidual(sum, m.get(5), block.linear("ffn.2", g.geluTanh(hidden)));
            })
        .toList();
  }

  private Value selfAttention(Weights attention, Value y, int branch) {
    Value q = g.rmsNorm(attention.linear("q", y), attention.get("norm_q.weight"), EPS);
    Value k = g.rmsNorm(attention.linear("k", y), attention.get("norm_k.weight"), EPS);
    return attention.linear(
        "o",
        g.attention(
            g.rope(q, config.heads(), grid),
            g.rope(k, config.heads(), grid),
            attention.linear("v", y),
            config.heads(),
            scale,
            patterns.get(branch),
            null));
  }

  private List<Value> vectors(Value table, Value given, int count) {
    long dim = config.dim();
    Value sums = g.add(given, g.reshape(table, 1, count * dim));
    List<Value> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(g.reshape(g.slice(sums, 1, i * dim, dim), dim));
    }
    return vectors;
  }

  private Value modulated(Value x, Value shift, Value scale) {
    return g.modulate(g.layerNorm(x, null, null, EPS), shift, scale);
  }

  private Value patchify(Value latents) {
    int c = config.inChannels();
    int ph = config.patchH();
    int pw = config.patchW();
    Value split = g.reshape(latents, c, grid.t(), grid.h(), ph, grid.w(), pw);
    long features = (long) c * ph * pw;
    return g.linear(
        g.reshape(g.permute(split, 1, 2, 4, 0, 3, 5), grid.tokens(), features),
        weights.get("patch_embedding.weight", config.dim(), features),
        weights.get("patch_embedding.bias"));
  }

  private Value head(Value x, Value e) {
    List<Value> m = vectors(weights.get("head.modulation"), g.concat(1, e, e), 2);
    Value tokens = weights.linear("head.head", modulated(x, m.get(0), m.get(1)));
    int c = config.outChannels();
    int ph = config.patchH();
    int pw = config.patchW();
    Value planes =
        g.permute(g.reshape(tokens, grid.t(), grid.h(), grid.w(), ph, pw, c), 5, 0, 1, 3, 2, 4);
    return g.reshape(planes, c, grid.t(), (long) grid.h() * ph, (long) grid.w() * pw);
  }
}
