package org.t3jvm.cli.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.layout.Part;
import org.t3jvm.model.layout.PartNames;
import org.t3jvm.model.nn.UnsupportedModelException;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.quantize.Q8;

/** What a checkpoint holds: kind, configuration, tensors, dtypes, bytes. */
public final class CheckpointReport {
  private final Checkpoint checkpoint;
  private final OptionalInt heads;

  /**
   * @param heads attention heads from the {@code config.json} beside the file, if it has them
   */
  public CheckpointReport(Checkpoint checkpoint, OptionalInt heads) {
    this.checkpoint = checkpoint;
    this.heads = heads;
  }

  /** Prints the report; every tensor on a line of its own if {@code everyTensor}. */
  public void print(PrintWriter out, boolean everyTensor) {
    out.println(Messages.printable(checkpoint.description()));
    List<PartNames> parts = Part.findAll(checkpoint.entries().keySet());
    for (PartNames part : parts) {
      out.println("  kind      " + kind(part));
      out.println("  names     " + part.description());
    }
    if (parts.isEmpty()) {
      out.println("  kind      unknown: no DiT, UMT5 encoder or VAE by its tensor names");
    }
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
    checkpoint
        .metadata()
        .forEach(
            (key, value) -> out.println("  metadata  " + Messages.printable(key + ": " + value)));
    if (everyTensor) {
      checkpoint.entries().values().forEach(info -> out.println("  " + info));
    }
  }

  private String kind(PartNames names) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Set<String> inFile = checkpoint.entries().keySet();
    for (TensorInfo info : checkpoint.entries().values()) {
      String original = names.toOriginal(info.name(), inFile);
      if (original != null) {
        shapes.put(original, info.shape());
      }
    }
    return switch (names.naming().part()) {
      case DIT -> described("DiT", () -> dit(DitConfig.infer(shapes, heads)));
      case TEXT_ENCODER -> described("UMT5 encoder", () -> umt5(Umt5Config.infer(shapes)));
      case VAE -> described("VAE", () -> vae(VaeConfig.infer(shapes)));
    };
  }

  private String dit(DitConfig config) {
    return "%s%d layers of width %d, %d heads%s, feed-forward %d, %d latent channels, text width %d"
        .formatted(
            release(config),
            config.layers(),
            config.dim(),
            config.heads(),
            heads.isPresent() ? "" : " (of 128 columns; no config.json says otherwise)",
            config.ffn(),
            config.inChannels(),
            config.textDim());
  }

  /** Which release has these sizes. */
  private static String release(DitConfig config) {
    return switch (config.dim() + "x" + config.layers() + "x" + config.inChannels()) {
      case "1536x30x16" -> "Wan2.1-T2V-1.3B, ";
      case "3072x30x48" -> "Wan2.2-TI2V-5B, ";
      case "5120x40x16" -> "Wan2.1-T2V-14B or Wan2.2-T2V-A14B, ";
      default -> "";
    };
  }

  private static String umt5(Umt5Config config) {
    return "%d layers of width %d, %d heads, feed-forward %d, %d ids"
        .formatted(config.layers(), config.dim(), config.heads(), config.dimFfn(), config.vocab());
  }

  private static String vae(VaeConfig config) {
    return "%s, %s, %d latent channels"
        .formatted(
            config.family(),
            config.encoderWidth() == 0
                ? "decoder alone, width " + config.decoderWidth()
                : "widths %d and %d".formatted(config.encoderWidth(), config.decoderWidth()),
            config.latentChannels());
  }

  private static String described(String kind, Supplier<String> config) {
    try {
      return kind + ", " + config.get();
    } catch (UnsupportedModelException e) {
      return kind + ", not supported: " + e.getMessage();
    }
  }
}
