package org.t3jvm.model.files;

import java.lang.foreign.Arena;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.weights.QuantizedParameters;
import org.t3jvm.tensor.backend.Parameters;

/** Weights in the format that a job asks for. */
public final class FormattedWeights {
  private FormattedWeights() {}

  /**
   * The parameters of a checkpoint that stays open as long as they are used.
   *
   * @param arena whose memory weights that are not in the file are made in
   * @param threads that make them
   */
  public static Parameters of(
      Checkpoint checkpoint, WeightFormat format, Arena arena, int threads) {
    return of(new CheckpointParameters(checkpoint), format, arena, threads);
  }

  /** Parameters in a format. */
  static Parameters of(Parameters stored, WeightFormat format, Arena arena, int threads) {
    return format == WeightFormat.Q8 ? new QuantizedParameters(stored, arena, threads) : stored;
  }
}
