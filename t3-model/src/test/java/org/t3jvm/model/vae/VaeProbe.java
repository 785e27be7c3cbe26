package org.t3jvm.model.vae;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.model.vae.tile.TileMask;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.RegionListener;

/** The VAE's intermediate values, for tests. */
public final class VaeProbe {
  /** Name of the frames or latents among a chunk's outputs. */
  public static final String RESULT = VaeGraphs.OUTPUT;

  private static final Pattern RESAMPLING = Pattern.compile("(up|down)sample(\\d+)");

  private VaeProbe() {}

  /** Decodes the next latents; gives the frames and all that was tapped. */
  public static Map<String, Tensor> decode(VaeDecoder decoder, Tensor latents) {
    return decoder.decodeAll(latents, RegionListener.NONE);
  }

  /** Encodes the next frames; gives the latents and all that was tapped. */
  public static Map<String, Tensor> encode(VaeEncoder encoder, Tensor frames) {
    return encoder.encodeAll(frames, RegionListener.NONE);
  }

  /**
   * The layer that a short name means: {@code attn}, {@code middle} (the stack's end) or the n-th
   * resampling, as {@code upsample1}.
   */
  public static String layer(VaeConfig config, boolean encoder, String shortName) {
    VaeLayers layers = VaeLayers.of(config);
    List<VaeLayer> middle = encoder ? layers.encoderMiddle() : layers.decoderMiddle();
    if (shortName.equals("middle")) {
      return middle.getLast().name();
    }
    if (shortName.equals("attn")) {
      return middle.get(1).name();
    }
    Matcher matcher = RESAMPLING.matcher(shortName);
    if (!matcher.matches()) {
      throw new AssertionError("no check knows which layer of the VAE '" + shortName + "' is");
    }
    List<String> resamplings =
        (encoder ? layers.encoder() : layers.decoder())
            .stream().filter(VaeProbe::resamples).map(VaeLayer::name).toList();
    return resamplings.get(Integer.parseInt(matcher.group(2)));
  }

  /** Of a VAE in stages, whole stages count. */
  private static boolean resamples(VaeLayer layer) {
    return switch (layer) {
      case VaeLayer.Stage stage -> resamples(stage.layers().getLast());
      case VaeLayer.Downsample down -> true;
      case VaeLayer.Upsample up -> true;
      case VaeLayer.Grow grow -> true;
      case VaeLayer.Residual residual -> false;
      case VaeLayer.Memory memory -> false;
      case VaeLayer.Attention attention -> false;
    };
  }

  /** Weights [rows, columns] of a tile, see {@link TileMask}. */
  public static Tensor mask(
      int rows,
      int columns,
      boolean top,
      boolean bottom,
      boolean left,
      boolean right,
      int borderRows,
      int borderColumns) {
    TileMask mask =
        new TileMask(
            TileMask.ramp(rows, borderRows, top, bottom),
            TileMask.ramp(columns, borderColumns, left, right));
    Tensor weights = Tensor.allocate(DType.F32, Shape.of(rows, columns));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        weights.setDouble((long) i * columns + j, mask.at(i, j));
      }
    }
    return weights;
  }
}
