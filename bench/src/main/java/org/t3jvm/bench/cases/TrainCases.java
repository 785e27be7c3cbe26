package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.t3jvm.model.dit.DitBlockGraph;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Training at the released models' widths: the backward pass of products, attention and
 * convolutions alone, and forward and backward of a block and of a VAE's chunk together. All
 * weights are inputs, as they change between steps.
 */
final class TrainCases {
  private static final String LOSS = "loss";

  /** Rows, columns in and out. */
  private static final int[][] LINEAR = {
    {2040, 1536, 1536}, {2040, 1536, 8960}, {2040, 8960, 1536}, {8160, 1536, 1536}
  };

  private static final int[] KEYS = {1344, 2040, 8160};
  private static final int HEAD_DIM = 128;

  /** Rows, columns, channels in and out. */
  private static final int[][] CONV = {
    {68, 120, 384, 384}, {136, 240, 192, 192}, {272, 480, 96, 96}
  };

  private TrainCases() {}

  static List<GraphCase> all() {
    List<GraphCase> cases = new ArrayList<>();
    for (int[] s : LINEAR) {
      cases.add(
          GraphCase.of(
              Suite.TRAIN,
              "linear-%dx%dx%d".formatted(s[0], s[1], s[2]),
              "backward of %d rows, %d -> %d".formatted(s[0], s[1], s[2]),
              linear(s[0], s[1], s[2])));
    }
    for (int keys : KEYS) {
      cases.add(
          GraphCase.of(
              Suite.TRAIN,
              "attention-" + keys,
              "backward of %d queries, %d keys, 1 head of %d".formatted(keys, keys, HEAD_DIM),
              attention(keys)));
    }
    for (int[] s : CONV) {
      cases.add(
          GraphCase.of(
              Suite.TRAIN,
              "conv3d-%d-%d".formatted(s[2], s[3]),
              "backward of 3x3x3, 1+2 frames of %dx%d, %d -> %d channels"
                  .formatted(s[0], s[1], s[2], s[3]),
              gradients(ConvCases.conv(s[0], s[1], s[2], s[3]), "y", false, "x")));
    }
    for (ReducedWindows windows : ReducedWindows.all()) {
      if (windows.model().equals("1.3B") && (windows.kind() == 1 || windows.kind() == 3)) {
        cases.add(block(windows));
      }
    }
    GraphCase chunk = ModelCases.vaeChunk();
    cases.add(
        GraphCase.of(
            Suite.TRAIN,
            "vae-chunk",
            "forward and backward, " + chunk.shape(),
            gradients(chunk.graph(), VaeGraphs.OUTPUT, true)));
    return cases;
  }

  private static GraphCase block(ReducedWindows windows) {
    Graph block =
        DitBlockGraph.graph(
            windows.config(),
            ShapesOnly.of(windows.config().parameterShapes(), DType.F32),
            windows.grid(),
            TextRows.TEXT_LENGTH,
            windows.pattern());
    return GraphCase.of(
        Suite.TRAIN,
        "block-" + windows.name(),
        "forward and backward, %s, dim %d".formatted(windows.description(), windows.config().dim()),
        gradients(block, DitBlockGraph.OUTPUT, true, DitBlockGraph.TOKENS));
  }

  private static Graph linear(int rows, int in, int out) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(rows, in));
    Value weight = g.input("weight", DType.F32, Shape.of(out, in));
    Value dy = g.input("dy", DType.F32, Shape.of(rows, out));
    g.output("dx", g.matMul(dy, weight, false));
    g.output("dweight", g.matMul(g.permute(dy, 1, 0), x, false));
    return g.graph();
  }

  /** From a saved attention that is given, so that no forward pass is in the time. */
  private static Graph attention(int keys) {
    Tracer g = new Tracer();
    Shape shape = Shape.of(keys, HEAD_DIM);
    Op.Attention op =
        new Op.Attention(
            g.input("q", DType.F32, shape),
            g.input("k", DType.F32, shape),
            g.input("v", DType.F32, shape),
            1,
            (float) (1 / Math.sqrt(HEAD_DIM)),
            new AttentionPattern.Full(),
            null);
    Value saved = g.input("saved", DType.F32, Shape.of(shape.elements() + keys));
    Value dy = g.input("dy", DType.F32, shape);
    g.output("gradients", g.append(new GradientOp.AttentionGrad(op, saved, dy, false)));
    return g.graph();
  }

  /**
   * The gradients of all of a graph's parameters and of some inputs, from that of one output, which
   * is an input {@code dy}. The loss behind it is no output: a sum of a million terms of both signs
   * says nothing about whether peers agree.
   *
   * @param forward whether that output is one of the result too, and not only what gradients need
   */
  private static Graph gradients(Graph graph, String output, boolean forward, String... inputs) {
    Tracer g = new Tracer();
    Map<Value, Value> copies = copy(g, graph, new HashSet<>(graph.values()));
    Value y = copy(copies, Objects.requireNonNull(graph.outputs().get(output)));
    Value sum = g.mul(y, g.input("dy", DType.F32, y.shape()));
    g.output(LOSS, g.reduce(Op.Reduce.Kind.SUM, g.reshape(sum, y.shape().elements()), 0));
    if (forward) {
      g.output(output, y);
    }
    List<String> wanted = new ArrayList<>(graph.parameters().keySet());
    wanted.addAll(List.of(inputs));
    return withoutLoss(Gradients.of(g.graph(), LOSS, wanted));
  }

  private static Graph withoutLoss(Graph graph) {
    Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
    outputs.remove(LOSS);
    Set<Value> needed = new HashSet<>(outputs.values());
    for (Value value : graph.values().reversed()) {
      if (needed.contains(value)) {
        needed.addAll(value.op().operands());
      }
    }
    Tracer g = new Tracer();
    Map<Value, Value> copies = copy(g, graph, needed);
    outputs.forEach((name, value) -> g.output(name, copy(copies, value)));
    return g.graph();
  }

  private static Map<Value, Value> copy(Tracer g, Graph graph, Set<Value> needed) {
    Map<Value, Value> copies = new HashMap<>();
    for (Value value : graph.values()) {
      if (needed.contains(value)) {
        copies.put(
            value,
            switch (value.op()) {
              case Op.Input input -> g.input(input.name(), value.dtype(), value.shape());
              case Op.Parameter parameter ->
                  g.parameter(parameter.name(), value.dtype(), value.shape());
              case Op.Constant constant -> g.constant(constant.tensor());
              case Op.Computed op -> g.append(op.mapOperands(each -> copy(copies, each)));
            });
      }
    }
    return copies;
  }

  private static Value copy(Map<Value, Value> copies, Value value) {
    return Objects.requireNonNull(copies.get(value), value::toString);
  }
}
