package org.t3jvm.model.dit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** All blocks of the DiT, one after the other, on the paths that a job has (SPEC 4, 20.4, 20.5). */
final class DitBlocks {
  private final DitConfig config;
  private final SelfAttentionPlan plan;
  private final Tracer g;
  private final Weights weights;
  private final Taps taps;
  private final Dit.Job job;

  DitBlocks(
      DitConfig config, SelfAttentionPlan plan, Tracer g, Weights weights, Taps taps, Dit.Job job) {
    this.config = config;
    this.plan = plan;
    this.g = g;
    this.weights = weights;
    this.taps = taps;
    this.job = job;
  }

  /**
   * What the blocks make of the tokens.
   *
   * @param x of the path that gives the velocity [N, dim]
   * @param full of the path that attends to all tokens [N, dim], if it is traced to its end
   */
  record Result(Value x, @Nullable Value full) {}

  /** The blocks over tokens [N, dim] at a projected timestep. */
  Result forward(Value tokens, Modulation modulation, Value projected) {
    DitBlock.Pass pass = new DitBlock.Pass(modulation, projected, job.parts().tokenChunks());
    return switch (job.paths()) {
      case ONE -> new Result(onePath(tokens, pass), null);
      case TWO, TWO_KEPT -> twoPaths(tokens, pass);
      case KEPT -> new Result(onKept(tokens, pass), null);
    };
  }

  private Value onePath(Value tokens, DitBlock.Pass pass) {
    DitBlock.Text[] text = text();
    Value x = tokens;
    for (int i = 0; i < config.layers(); i++) {
      int layer = i;
      Value before = x;
      x =
          g.region(
              region(i),
              kind(i),
              () -> block(layer).forward(before, pass, text[layer], attention(layer)));
      taps.tap(g, "block" + i, x);
    }
    return x;
  }

  /** What the full path's last block gives is not needed, unless somebody taps it. */
  private Result twoPaths(Value tokens, DitBlock.Pass pass) {
    DitBlock.Text[] text = text();
    Value window = tokens;
    Value full = tokens;
    for (int i = 0; i < config.layers(); i++) {
      int layer = i;
      boolean needed = i < config.layers() - 1 || !taps.equals(Taps.NONE);
      Value windowBefore = window;
      Value fullBefore = Objects.requireNonNull(full);
      DitBlock.Paths after =
          g.region(
              region(i),
              kind(i),
              () ->
                  block(layer)
                      .forward(
                          windowBefore, fullBefore, pass, text[layer], attention(layer), needed));
      window = after.window();
      full = after.full();
      taps.tap(g, "block" + i + ".window", window);
      if (full != null) {
        taps.tap(g, "block" + i + ".full", full);
      }
      if (job.paths() == Dit.Paths.TWO_KEPT) {
        g.output(Dit.kept(i), after.crossAttention());
      }
    }
    return new Result(window, full);
  }

  private Value onKept(Value tokens, DitBlock.Pass pass) {
    Shape shape = Shape.of(job.grid().tokens(), config.dim());
    Value x = tokens;
    for (int i = 0; i < config.layers(); i++) {
      int layer = i;
      Value before = x;
      Value kept = g.input(Dit.kept(i), DType.F32, shape);
      x =
          g.region(
              region(i), kind(i), () -> block(layer).forward(before, pass, kept, attention(layer)));
      taps.tap(g, "block" + i, x);
    }
    return x;
  }

  private DitBlock.Text[] text() {
    Value bias =
        job.textBias() ? g.input(Dit.TEXT_BIAS, DType.F32, Shape.of(1, 1, job.textRows())) : null;
    DitBlock.Text[] text = new DitBlock.Text[config.layers()];
    Shape rows = Shape.of(job.textRows(), config.dim());
    for (int i = 0; i < text.length; i++) {
      Value k = g.input(DitText.key(i), DType.F32, rows);
      Value v = g.input(DitText.value(i), DType.F32, rows);
      text[i] = new DitBlock.Text(k, v, bias);
    }
    return text;
  }

  private DitBlock block(int layer) {
    return new DitBlock(config, g, weights.at(region(layer)), taps.at("block" + layer + "."));
  }

  private SelfAttention.Tokens attention(int layer) {
    return SelfAttention.Tokens.of(config, plan, layer, job.grid(), job.parts().headGroups());
  }

  private static String region(int layer) {
    return "blocks." + layer;
  }

  private String kind(int layer) {
    return Dit.blockKind(plan, job, layer, config.layers());
  }
}
