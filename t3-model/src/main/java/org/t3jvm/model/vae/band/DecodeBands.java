package org.t3jvm.model.vae.band;

import java.util.Map;
import org.t3jvm.model.vae.RowBand;
import org.t3jvm.model.vae.RowState;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.model.vae.VaeLayers;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/**
 * How a plane of latents is decoded in bands of rows, from the upper edge down, and the graphs that
 * do it: the decoder's trunk, whose attention sees the whole plane, makes features of a latent
 * frame; its other part makes pixels of a band of the features. A band keeps the last rows before
 * each convolution for the band below, so that all bands together compute what the whole plane
 * would.
 */
public final class DecodeBands {
  private static final int COLOURS = 3;

  private final VaeConfig config;
  private final VaeGraphs graphs;
  private final int height;
  private final int width;
  private final int rows;
  private final int count;

  /**
   * Bands of equal work for latents of {@code height} x {@code width} cells.
   *
   * @param rows latent rows of a band, at least 1
   */
  public DecodeBands(VaeConfig config, ParameterTypes parameters, int height, int width, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("a band has at least one row, not " + rows);
    }
    this.config = config;
    this.graphs = new VaeGraphs(config, parameters);
    this.height = height;
    this.width = width;
    this.rows = rows;
    this.count = Math.ceilDiv(rowsInAll(config, height), rows);
  }

  /** Rows that the bands share: those of the latents, and those that the result lags behind. */
  public static int rowsInAll(VaeConfig config, int height) {
    RowBand result = new RowBand(0, 0, 1).after(VaeLayers.of(config).decoder()).convolved();
    return height + Math.ceilDiv(-result.from(), result.height());
  }

  /** Number of bands. */
  public int count() {
    return count;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** Features [1, height, width, C] of one latent frame [z, 1, height, width]. */
  public Graph trunk(boolean first) {
    return graphs.decodeTrunk(height, width, first);
  }

  /** Band {@code index} of one frame's features to rows of pixels [F, R, W, 3]. */
  public Graph band(int index, boolean first) {
    return graphs.decodeBand(features(index), width, first);
  }

  /** Rows of the features that a band starts from. */
  RowBand features(int index) {
    return new RowBand(index * rows, (index + 1) * rows, height);
  }

  /** The first row of pixels that a band makes. */
  int firstPixelRow(int index) {
    return graphs.decoded(features(index)).first() * config.family().fold();
  }

  /** Bytes of the features of one latent row. */
  long featureRowBytes() {
    return (long) width * VaeLayers.widest(config.decoderWidth()) * Float.BYTES;
  }

  /** Bytes that bands hand on to the next one for each latent frame, at most. */
  public long carriedBytes() {
    long most = 0;
    for (int index = 0; index < count; index++) {
      long bytes = 0;
      for (Map.Entry<String, Value> output : band(index, false).outputs().entrySet()) {
        boolean carried = output.getKey().startsWith(RowState.PREFIX);
        bytes += carried ? OpWork.bytes(output.getValue()) : 0;
      }
      most = Math.max(most, bytes);
    }
    return most;
  }

  /**
   * Bytes that decoding {@code frames} latent frames keeps in temporary files: features, the rows
   * that bands hand on, and the frames' bytes.
   */
  public long spilledBytes(int frames) {
    long cell = (long) config.spatialFactor() * config.spatialFactor() * COLOURS;
    long pixels = cell * VaeConfig.TEMPORAL_FACTOR * height * width;
    return frames * (carriedBytes() + height * featureRowBytes() + pixels);
  }
}
