package org.t3jvm.model.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.quantized.Quantization;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.quantize.Q8;

/** What a checkpoint holds: kind, configuration, tensors, dtypes, bytes. */
final class CheckpointReport {
  private final Checkpoint checkpoint;
  private final OptionalInt heads;

  /**
   * @param heads attention heads from the {@code config.json} beside the file, if it has them
   */
  CheckpointReport(Checkpoint checkpoint, OptionalInt heads) {
    this.checkpoint = checkpoint;
    this.heads = heads;
  }

  /** Prints the report; every tensor on a line of its own if {@code everyTensor}. */
  void print(PrintWriter out, boolean everyTensor) {
    out.println(checkpoint.description());
    out.println("  kind      " + kind());
    long parameters = 0;
    long bytes = 0;
    Map<String, Long> byType = new TreeMap<>();
    long quantized = 0;
    for (TensorInfo info : checkpoint.entries().values()) {
      quantized += Quantization.isQuantized(checkpoint, info) ? 1 : 0;
      parameters += Quantization.isScaleName(info.name()) ? 0 : info.shape().elements();
      bytes += info.bytes();
      byType.merge(info.type() + (info.supported() ? "" : " (not supported)"), 1L, Long::sum);
    }
    out.printf(
        "  tensors   %d, %,d values, %s%n",
        checkpoint.entries().size(), parameters, Sizes.bytes(bytes));
    List<String> types = new ArrayList<>();
    byType.forEach((type, count) -> types.add(count + " " + type));
    out.println("  dtypes    " + String.join(", ", types));
    if (quantized > 0) {
      out.printf(
          "  quantised %d weights as int8, with an F32 scale for each %d of a row%n",
          quantized, Q8.BLOCK);
    }
    checkpoint.metadata().forEach((key, value) -> out.println("  metadata  " + key + ": " + value));
    if (everyTensor) {
      checkpoint.entries().values().forEach(info -> out.println("  " + info));
    }
  }

  private String kind() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    checkpoint.entries().forEach((name, info) -> shapes.put(name, info.shape()));
    if (shapes.containsKey("patch_embedding.weight")) {
      return described("DiT", () -> dit(DitConfig.infer(shapes, heads)));
    }
    if (shapes.containsKey("token_embedding.weight")) {
      return described("UMT5 encoder", () -> umt5(Umt5Config.infer(shapes)));
    }
    if (shapes.containsKey("encoder.conv1.weight")) {
      return described("VAE", () -> vae(VaeConfig.infer(shapes)));
    }
    return "unknown: neither a DiT, a UMT5 encoder nor a VAE by its tensor names";
  }

  private String dit(DitConfig config) {
    return "%d layers of width %d, %d heads%s, feed-forward %d, %d latent channels, text width %d"
        .formatted(
            config.layers(),
            config.dim(),
            config.heads(),
            heads.isPresent() ? "" : " (of 128 columns; no config.json says otherwise)",
            config.ffn(),
            config.inChannels(),
            config.textDim());
  }

  private static String umt5(Umt5Config config) {
    return "%d layers of width %d, %d heads, feed-forward %d, %d ids"
        .formatted(config.layers(), config.dim(), config.heads(), config.dimFfn(), config.vocab());
  }

  private static String vae(VaeConfig config) {
    return "%s, widths %d and %d, %d latent channels"
        .formatted(
            config.family(), config.encoderWidth(), config.decoderWidth(), config.latentChannels());
  }

  private static String described(String kind, Supplier<String> config) {
    try {
      return kind + ", " + config.get();
    } catch (UnsupportedModelException e) {
      return kind + ", not supported: " + e.getMessage();
    }
  }
}
