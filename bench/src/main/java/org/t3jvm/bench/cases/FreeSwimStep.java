package org.t3jvm.bench.cases;

import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.TokenGrid;

/** A step of FreeSwim's second pass on two paths, and its authors' algorithm for it (SPEC 20.4). */
public final class FreeSwimStep {
  /** The first and the last block, which are where two paths have most in common. */
  private static final int LAYERS = 2;

  private FreeSwimStep() {}

  /** The 1.3B model with two blocks over one of 21 latent frames of 1088x1920. */
  static GraphCase ofOneFrame() {
    return of(
            ReducedWindows.WAN21.withLayers(LAYERS),
            new TokenGrid(1, 68, 120),
            new TokenGrid(1, 30, 52),
            TextRows.TEXT_LENGTH)
        .largeIf(true);
  }

  /**
   * One side of the guidance.
   *
   * @param grid token grid of the latents
   * @param base token grid of the base video
   * @param textRows rows of the text keys
   */
  public static GraphCase of(DitConfig config, TokenGrid grid, TokenGrid base, int textRows) {
    InwardWindows windows = InwardWindows.freeSwim(base);
    Parameters parameters = ShapesOnly.of(config.parameterShapes(), DType.F32);
    Dit.Job job = new Dit.Job(grid, textRows, false, false).on(Dit.Paths.TWO);
    return GraphCase.of(
            Suite.DIT_BLOCK,
            "freeswim-step-f32",
            "%s, %d blocks, two paths, dim %d".formatted(grid, config.layers(), config.dim()),
            Dit.graph(config, windows, parameters, job, Taps.NONE))
        .withUpstream(FreeSwimUpstream.graph(config, windows, parameters, grid, textRows));
  }
}
