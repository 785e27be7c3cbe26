package org.t3jvm.model.files;

import java.lang.foreign.Arena;
import java.util.function.Consumer;
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
    CheckpointParameters stored = new CheckpointParameters(checkpoint);
    return of(stored, format, arena, threads, stored::release);
  }

  /**
   * Parameters in a format.
   *
   * @param release takes the name of each that is not asked for any more
   */
  static Parameters of(
      Parameters stored, WeightFormat format, Arena arena, int threads, Consumer<String> release) {
    return format == WeightFormat.Q8
        ? new QuantizedParameters(stored, arena, threads, release)
        : stored;
  }
}
