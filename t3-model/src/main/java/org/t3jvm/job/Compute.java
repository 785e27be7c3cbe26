package org.t3jvm.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;

/**
 * What computes a video, as far as that decides its bits.
 *
 * @param backend such as {@code cpu} or {@code cuda}; {@code auto} for a GPU if one can be used
 * @param precision of the operands of products; null for the backend's
 * @param kernels of products and attention; null for the backend's
 * @param weights what weights are kept as
 * @param loras LoRA to lay over the DiT, in order
 */
public record Compute(
    String backend,
    @Nullable Precision precision,
    @Nullable KernelSource kernels,
    WeightFormat weights,
    List<Lora> loras) {
  /** The backend that every machine has. */
  public static final String CPU = "cpu";

  /** A GPU if one can be used, else the CPU. */
  public static final String AUTO = "auto";

  /** On the CPU, with weights as they are stored. */
  public static final Compute DEFAULT =
      new Compute(CPU, null, null, WeightFormat.STORED, List.of());

  public Compute {
    backend = backend == null ? CPU : backend;
    weights = weights == null ? WeightFormat.STORED : weights;
    loras = loras == null ? List.of() : List.copyOf(loras);
  }

  /** The same with paths that are good from any folder. */
  Compute absolute() {
    List<Lora> resolved =
        loras.stream().map(lora -> new Lora(lora.file().toAbsolutePath(), lora.scale())).toList();
    return new Compute(backend, precision, kernels, weights, resolved);
  }
}
