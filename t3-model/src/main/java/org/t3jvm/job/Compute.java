package org.t3jvm.job;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
 * @param lorasLow LoRA to lay over the DiT for low noise, of models that have two; null for those
 *     of the other
 */
public record Compute(
    String backend,
    @Nullable Precision precision,
    @Nullable KernelSource kernels,
    WeightFormat weights,
    List<Lora> loras,
    @Nullable List<Lora> lorasLow) {
  /** The backend that every machine has. */
  public static final String CPU = "cpu";

  /** A GPU if one can be used, else the CPU. */
  public static final String AUTO = "auto";

  /** On the CPU, with weights as they are stored. */
  public static final Compute DEFAULT =
      new Compute(CPU, null, null, WeightFormat.STORED, List.of(), null);

  public Compute {
    backend = backend == null ? CPU : backend;
    weights = weights == null ? WeightFormat.STORED : weights;
    loras = loras == null ? List.of() : List.copyOf(loras);
    lorasLow = lorasLow == null ? null : List.copyOf(lorasLow);
  }

  /** Every LoRA, of both DiTs. */
  public List<Lora> allLoras() {
    return lorasLow == null ? loras : Stream.concat(loras.stream(), lorasLow.stream()).toList();
  }

  /** The same with each LoRA's file changed. */
  public Compute withLoraFiles(UnaryOperator<Path> change) {
    return new Compute(
        backend,
        precision,
        kernels,
        weights,
        changed(loras, change),
        lorasLow == null ? null : changed(lorasLow, change));
  }

  private static List<Lora> changed(List<Lora> loras, UnaryOperator<Path> change) {
    return loras.stream().map(lora -> new Lora(change.apply(lora.file()), lora.scale())).toList();
  }
}
