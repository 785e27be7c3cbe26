package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.t3jvm.model.dit.DitBlockGraph;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;

/** The parts that a video's time goes into, at the released models' widths, with random weights. */
final class ModelCases {
  /** UMT5-XXL with one layer and a short vocabulary; neither changes the layer's work. */
  private static final Umt5Config UMT5_XXL_LAYER =
      new Umt5Config(256, 4096, 4096, 10240, 64, 1, 32);

  /** UMT5 does not scale its scores: its query weights are that much smaller. */
  private static final Map<String, Double> UMT5_GAINS =
      Map.of("blocks.0.attn.q.weight", 1 / Math.sqrt(4096 / 64.0));

  private static final VaeConfig WAN21_VAE = VaeConfig.wan21(96);
  private static final int LATENT_ROWS = 16;
  private static final int LATENT_COLUMNS = 24;

  private ModelCases() {}

  /**
   * One block of each model for each T3 kind, kind 1 also with weights as they are stored; and a
   * step of FreeSwim.
   */
  static List<GraphCase> ditBlocks() {
    List<GraphCase> cases = new ArrayList<>();
    for (ReducedWindows windows : ReducedWindows.all()) {
      cases.add(ditBlock(windows, DType.F32));
      if (windows.kind() == 1) {
        cases.add(ditBlock(windows, DType.BF16));
      }
    }
    cases.add(FreeSwimStep.ofOneFrame());
    return cases;
  }

  private static GraphCase ditBlock(ReducedWindows windows, DType weights) {
    Parameters parameters = ShapesOnly.of(windows.config().parameterShapes(), weights);
    String dtype = weights.name().toLowerCase(Locale.ROOT);
    Graph graph =
        DitBlockGraph.graph(
            windows.config(), parameters, windows.grid(), TextRows.TEXT_LENGTH, windows.pattern());
    return GraphCase.of(
            Suite.DIT_BLOCK,
            windows.name() + "-" + dtype,
            "%s, dim %d".formatted(windows.description(), windows.config().dim()),
            graph)
        .withUpstream(graph)
        .largeIf(windows.kind() == 0 || windows.kind() == 2);
  }

  /** Four frames from one latent frame, after others. */
  static GraphCase vaeChunk() {
    return GraphCase.of(
        Suite.VAE,
        "decode-chunk",
        "4 frames of %dx%d, width %d"
            .formatted(
                LATENT_ROWS * WAN21_VAE.spatialFactor(),
                LATENT_COLUMNS * WAN21_VAE.spatialFactor(),
                WAN21_VAE.decoderWidth()),
        VaeDecoder.laterFrame(
            WAN21_VAE,
            ShapesOnly.of(WAN21_VAE.parameterShapes(), DType.F32),
            LATENT_ROWS,
            LATENT_COLUMNS));
  }

  /** One layer of UMT5-XXL over a prompt of full length. */
  static GraphCase textLayer() {
    int tokens = TextRows.TEXT_LENGTH;
    return new GraphCase(
        Suite.TEXT_ENCODER,
        "umt5-xxl-layer-bf16",
        "%d tokens, dim %d, bf16 weights".formatted(tokens, UMT5_XXL_LAYER.dim()),
        Metric.GFLOP_PER_SECOND,
        false,
        Umt5.graph(
            UMT5_XXL_LAYER, ShapesOnly.of(UMT5_XXL_LAYER.parameterShapes(), DType.BF16), tokens),
        UMT5_GAINS);
  }
}
