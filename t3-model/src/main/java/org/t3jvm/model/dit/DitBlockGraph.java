package org.t3jvm.model.dit;

import org.t3jvm.model.nn.Taps;
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
 * One block of the DiT alone, exactly as it stands in {@link Dit}: {@code tokens [N, dim]}, {@code
 * projected [1, 6 * dim]} and the text keys and values [rows, dim] of block 0 give {@code
 * tokens.out [N, dim]} (SPEC 4, step 5).
 */
public final class DitBlockGraph {
  /** Name of the tokens that go in. */
  public static final String TOKENS = "tokens";

  /** Name of the timestep's projection that goes in. */
  public static final String PROJECTED = "projected";

  /** Name of the tokens that come out. */
  public static final String OUTPUT = "tokens.out";

  private DitBlockGraph() {}

  /**
   * The graph of block 0 with one timestep for all tokens.
   *
   * @param parameters the model's, of which those of {@code blocks.0} are used
   * @param textRows rows of the text keys, without a bias
   */
  public static Graph graph(
      DitConfig config,
      ParameterTypes parameters,
      TokenGrid grid,
      int textRows,
      AttentionPattern pattern) {
    Tracer g = new Tracer();
    Shape text = Shape.of(textRows, config.dim());
    Value x = g.input(TOKENS, DType.F32, Shape.of(grid.tokens(), config.dim()));
    Value projected = g.input(PROJECTED, DType.F32, Shape.of(1, 6L * config.dim()));
    DitBlock.Text keys =
        new DitBlock.Text(
            g.input(DitText.key(0), DType.F32, text),
            g.input(DitText.value(0), DType.F32, text),
            null);
    DitBlock block = new DitBlock(config, g, Weights.of(g, parameters).at("blocks.0"), Taps.NONE);
    DitBlock.Pass pass = new DitBlock.Pass(new Modulation(g, grid, false), projected, 1);
    SelfAttention.Tokens tokens =
        new SelfAttention.Tokens(grid, pattern, config.attentionScale(), 1, 1);
    g.output(OUTPUT, g.region("blocks.0", "dit.block", () -> block.forward(x, pass, keys, tokens)));
    return g.graph();
  }
}
