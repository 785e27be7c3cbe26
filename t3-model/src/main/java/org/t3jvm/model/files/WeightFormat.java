package org.t3jvm.model.files;

import java.lang.foreign.Arena;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.quantize.QuantizedParameters;
import org.t3jvm.tensor.backend.Parameters;

/** What the weights of the DiT and of the text encoder are kept as. */
public enum WeightFormat {
  /** As the files have them, used where they lie. */
  STORED,

  /**
   * Linear weights as int8 with a scale for each 64 of a row; made in memory unless the file has
   * them.
   */
  Q8;

  /**
   * The parameters of a checkpoint that stays open as long as they are used.
   *
   * @param arena whose memory weights that are not in the file are made in
   */
  public Parameters parameters(Checkpoint checkpoint, Arena arena) {
    return parameters(new CheckpointParameters(checkpoint), arena);
  }

  /** Parameters in this format. */
  Parameters parameters(Parameters stored, Arena arena) {
    return this == Q8 ? new QuantizedParameters(stored, arena) : stored;
  }
}
