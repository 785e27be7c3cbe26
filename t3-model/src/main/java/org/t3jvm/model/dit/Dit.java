package org.t3jvm.model.dit;

import java.util.List;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.nn.Weights;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * The diffusion transformer: input {@code latents [C, T, height, width]}, the timestep's {@code
 * sinusoid} and the text keys and values of {@link DitText} give {@code velocity [C, T, height,
 * width]} (SPEC 4).
 */
public final class Dit {
  /** Name of the latents' input. */
  public static final String LATENTS = "latents";

  /** Name of the sinusoid's input, [1, freqDim], or [2, freqDim] with a separated timestep. */
  public static final String SINUSOID = "sinusoid";

  /** Name of the input that is added to the scores of the text keys, [1, 1, rows]. */
  public static final String TEXT_BIAS = "text.bias";

  /** Name of the graph's output. */
  public static final String VELOCITY = "velocity";

  /** Name of what the blocks add to the tokens, [N, dim]: an output, or an input in their place. */
  public static final String RESIDUAL = "residual";

  /** Name of the projected time modulation's output, [rows of the sinusoid, 6 * dim]. */
  public static final String MODULATION = "modulation";

  /** Name of the velocity of the path that attends to all tokens, where it is tapped. */
  public static final String FULL_VELOCITY = "full.velocity";

  private final DitConfig config;
  private final SelfAttentionPlan plan;
  private final Tracer g;
  private final Weights weights;
  private final Taps taps;

  private Dit(
      DitConfig config, SelfAttentionPlan plan, Tracer g, ParameterTypes parameters, Taps taps) {
    this.config = config;
    this.plan = plan;
    this.g = g;
    this.weights = Weights.of(g, parameters);
    this.taps = taps;
  }

  /**
   * What a DiT graph is traced for.
   *
   * @param grid token grid of the latents
   * @param textRows rows of the text keys
   * @param textBias whether scores of the text keys take a bias, see {@link TextRows}
   * @param separatedTimestep whether tokens of latent frame 0 take the sinusoid's row 0 and all
   *     others its row 1
   * @param parts how the pass is split
   * @param residual whether {@link #RESIDUAL} is an output
   * @param paths of the tokens through the blocks
   */
  public record Job(
      TokenGrid grid,
      int textRows,
      boolean textBias,
      boolean separatedTimestep,
      Parts parts,
      boolean residual,
      Paths paths) {
    /** A job that is computed as a whole and does not return what its blocks add. */
    public Job(TokenGrid grid, int textRows, boolean textBias, boolean separatedTimestep) {
      this(grid, textRows, textBias, separatedTimestep, Parts.WHOLE, false, Paths.ONE);
    }

    /** The same in other parts. */
    public Job with(Parts others) {
      return new Job(grid, textRows, textBias, separatedTimestep, others, residual, paths);
    }

    /** The same with what the blocks add as an output, or without. */
    public Job withResidual(boolean residual) {
      return new Job(grid, textRows, textBias, separatedTimestep, parts, residual, paths);
    }

    /** The same on other paths. */
    public Job on(Paths other) {
      return new Job(grid, textRows, textBias, separatedTimestep, parts, residual, other);
    }
  }

  /** Ways of the tokens through the blocks. */
  public enum Paths {
    /** One, in the plan's attention. */
    ONE,
    /**
     * Two from the same latents: one in the plan's attention, whose velocity is the result, one in
     * full attention, whose cross-attention both take (SPEC 20.4).
     */
    TWO,
    /** As {@link #TWO}; what cross-attention gave are outputs, {@link Dit#kept}. */
    TWO_KEPT,
    /** One, in the plan's attention; what cross-attention gave are inputs, and there is no text. */
    KEPT
  }

  /** The kind of the region that a block is traced as; blocks of one kind have the same ops. */
  public static String blockKind(SelfAttentionPlan plan, Job job, int layer, int layers) {
    String kind = "dit.block.kind" + plan.kind(layer);
    return switch (job.paths()) {
      case ONE, KEPT -> kind;
      case TWO, TWO_KEPT ->
          kind + (layer == 0 ? ".first" : layer == layers - 1 ? ".last" : ".inner");
    };
  }

  /** Name of what the cross-attention of a block gave, [N, dim], after its output projection. */
  public static String kept(int layer) {
    return "cross." + layer;
  }

  /**
   * How a pass is split.
   *
   * @param headGroups of the self-attention, one computed after the other, to the same bits; more
   *     need less memory and more work
   * @param tokenChunks of the feed-forward network, whose hidden values are the largest of all, to
   *     the same numbers but for rounding; for devices
   */
  public record Parts(int headGroups, int tokenChunks) {
    /** All at once. */
    public static final Parts WHOLE = new Parts(1, 1);
  }

  /** The graph of one forward pass; taps embeddings, {@code blockI} and their parts. */
  public static Graph graph(
      DitConfig config, SelfAttentionPlan plan, ParameterTypes parameters, Job job, Taps taps) {
    Tracer g = new Tracer();
    g.output(VELOCITY, new Dit(config, plan, g, parameters, taps).forward(job));
    return g.graph();
  }

  /**
   * The graph of a pass that takes {@link #RESIDUAL} instead of running the blocks; it has no text.
   */
  public static Graph reuseGraph(
      DitConfig config, SelfAttentionPlan plan, ParameterTypes parameters, Job job) {
    Tracer g = new Tracer();
    g.output(VELOCITY, new Dit(config, plan, g, parameters, Taps.NONE).reuse(job));
    return g.graph();
  }

  /** The graph of {@link #MODULATION} alone, of the sinusoid. */
  public static Graph modulationGraph(
      DitConfig config, SelfAttentionPlan plan, ParameterTypes parameters, Job job) {
    Tracer g = new Tracer();
    Dit dit = new Dit(config, plan, g, parameters, Taps.NONE);
    g.output(MODULATION, dit.projection(dit.timeEmbedding(job)));
    return g.graph();
  }

  private Value reuse(Job job) {
    TokenGrid grid = job.grid();
    Value residual = g.input(RESIDUAL, DType.F32, Shape.of(grid.tokens(), config.dim()));
    Value x = g.add(patchify(latents(grid), grid), residual);
    return unpatchify(
        head(x, new Modulation(g, grid, job.separatedTimestep()), timeEmbedding(job)), grid);
  }

  private Value projection(Value e) {
    return weights.linear("time_projection.1", g.silu(e));
  }

  private Value forward(Job job) {
    TokenGrid grid = job.grid();
    Value latents = latents(grid);
    Value tokens = patchify(latents, grid);
    taps.tap(g, "patch_embedding", tokens);
    Value e = timeEmbedding(job);
    Value projected = projection(e);
    taps.tap(g, "time_projection", projected);
    Modulation modulation = new Modulation(g, grid, job.separatedTimestep());
    DitBlocks.Result result =
        new DitBlocks(config, plan, g, weights, taps, job).forward(tokens, modulation, projected);
    Value x = result.x();
    if (result.full() != null) {
      taps.tap(g, FULL_VELOCITY, unpatchify(head(result.full(), modulation, e), grid));
    }
    if (job.residual()) {
      // The tokens are made once more, so that they take no memory while the blocks run.
      g.output(RESIDUAL, g.sub(x, patchify(latents, grid)));
    }
    return unpatchify(head(x, modulation, e), grid);
  }

  private Value latents(TokenGrid grid) {
    return g.input(
        LATENTS,
        DType.F32,
        Shape.of(
            config.inChannels(),
            grid.t(),
            (long) grid.h() * config.patchH(),
            (long) grid.w() * config.patchW()));
  }

  /** Latents [C, T, height, width] to tokens [N, dim]: a convolution with kernel = stride. */
  private Value patchify(Value latents, TokenGrid grid) {
    int c = config.inChannels();
    int ph = config.patchH();
    int pw = config.patchW();
    long h = grid.h();
    long w = grid.w();
    Value split = g.reshape(latents, c, grid.t(), h, ph, w, pw);
    Value patches = g.permute(split, 1, 2, 4, 0, 3, 5);
    long features = (long) c * ph * pw;
    return g.linear(
        g.reshape(patches, grid.tokens(), features),
        weights.get("patch_embedding.weight", config.dim(), features),
        weights.get("patch_embedding.bias"));
  }

  private Value timeEmbedding(Job job) {
    int rows = job.separatedTimestep() ? 2 : 1;
    Value sinusoid = g.input(SINUSOID, DType.F32, Shape.of(rows, config.freqDim()));
    Value e =
        weights.linear("time_embedding.2", g.silu(weights.linear("time_embedding.0", sinusoid)));
    taps.tap(g, "time_embedding", e);
    return e;
  }

  private Value head(Value x, Modulation modulation, Value e) {
    Value doubled = g.concat(1, e, e);
    List<Value> shiftScale = modulation.vectors(weights.at("head").get("modulation"), doubled, 2);
    Value y = g.layerNorm(x, null, null, DitBlock.EPS);
    return weights.linear(
        "head.head", modulation.modulate(y, shiftScale.get(0), shiftScale.get(1)));
  }

  /** Tokens [N, ph*pw*C], channel fastest, to [C, T, height, width]. */
  private Value unpatchify(Value tokens, TokenGrid grid) {
    int ph = config.patchH();
    int pw = config.patchW();
    int c = config.outChannels();
    Value split = g.reshape(tokens, grid.t(), grid.h(), grid.w(), ph, pw, c);
    Value planes = g.permute(split, 5, 0, 1, 3, 2, 4);
    return g.reshape(planes, c, grid.t(), (long) grid.h() * ph, (long) grid.w() * pw);
  }
}
