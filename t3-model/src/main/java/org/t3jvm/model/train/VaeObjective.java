package org.t3jvm.model.train;

import org.t3jvm.model.train.data.encode.PixelCrop;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeGraphs;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * What an autoencoder is trained towards: its own frames, and latents like a standard normal. The
 * loss is the sum of {@link Losses} between frames in [-1, 1], each times its weight.
 *
 * @param squared weight of the squared difference
 * @param absolute weight of the absolute difference
 * @param charbonnier weight of the Charbonnier loss, eps 0.001
 * @param divergence weight of the latents' divergence; with 0 the frames are decoded from the
 *     latents' mean, else from latents that are drawn
 */
public record VaeObjective(float squared, float absolute, float charbonnier, float divergence) {
  /** Name of the input that latents are drawn with, normal [T, h, w, z]; absent without draws. */
  public static final String NOISE = "noise";

  /** Name of the output: the latents' mean, not normalised, [T, h, w, z]. */
  public static final String MEAN = "mean";

  /** Name of the output: the logarithm of the latents' variance, [T, h, w, z]. */
  public static final String LOG_VARIANCE = "log_variance";

  private static final float EPS = 1e-3f;

  /**
   * The loss, {@link Objective#LOSS}, of one piece of a clip, {@link TrainedVae#FRAMES}, beside
   * {@link TrainedVae#RECONSTRUCTION}, {@link #MEAN} and {@link #LOG_VARIANCE}.
   */
  public Graph graph(VaeConfig config, ParameterTypes parameters, PixelCrop piece) {
    Tracer g = new Tracer();
    Shape shape = Shape.of(piece.frames(), piece.height(), piece.width(), 3);
    Value frames = g.input(TrainedVae.FRAMES, DType.F32, shape);
    Value noise = divergence == 0 ? null : g.input(NOISE, DType.F32, latents(config, piece));
    VaeGraphs.Autoencoded result = new VaeGraphs(config, parameters).autoencode(g, frames, noise);
    g.output(Objective.LOSS, loss(g, result, frames));
    g.output(TrainedVae.RECONSTRUCTION, result.frames());
    g.output(MEAN, result.mean());
    g.output(LOG_VARIANCE, result.logVariance());
    return g.graph();
  }

  /** The shape [T, h, w, z] of a piece's latents. */
  public static Shape latents(VaeConfig config, PixelCrop piece) {
    int factor = config.spatialFactor();
    return Shape.of(
        VaeConfig.latentFrames(piece.frames()),
        piece.height() / factor,
        piece.width() / factor,
        config.latentChannels());
  }

  private Value loss(Tracer g, VaeGraphs.Autoencoded result, Value frames) {
    Value loss = g.affine(Losses.squared(g, result.frames(), frames), squared, 0);
    if (absolute != 0) {
      Value part = Losses.absolute(g, result.frames(), frames);
      loss = g.add(loss, g.affine(part, absolute, 0));
    }
    if (charbonnier != 0) {
      Value part = Losses.charbonnier(g, result.frames(), frames, EPS);
      loss = g.add(loss, g.affine(part, charbonnier, 0));
    }
    if (divergence != 0) {
      Value part = Losses.divergence(g, result.mean(), result.logVariance());
      loss = g.add(loss, g.affine(part, divergence, 0));
    }
    return loss;
  }
}
