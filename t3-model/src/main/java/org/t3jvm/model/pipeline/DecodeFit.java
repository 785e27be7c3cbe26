package org.t3jvm.model.pipeline;

import java.util.Optional;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/**
 * What decoding one latent frame takes.
 *
 * @param memory of the program; empty if the backend cannot tell before it compiles
 * @param held bytes beside it: the latents, the frames, and the frames that convolutions keep from
 *     the chunk before and for the next one
 */
public record DecodeFit(Optional<MemoryPlan> memory, long held) {
  /**
   * Fits decoding into a budget.
   *
   * @param latents shape [z, T, h, w]
   * @throws PipelineException if it does not fit
   */
  static DecodeFit of(
      Backend backend, VaeConfig vae, ParameterTypes types, Shape latents, MemoryBudget budget) {
    int height = latents.intDim(2);
    int width = latents.intDim(3);
    Graph graph = VaeDecoder.laterFrame(vae, types, height, width);
    long held = latents.elements() * Float.BYTES;
    for (Value value : graph.inputs().values()) {
      held += OpWork.bytes(value);
    }
    for (Value value : graph.outputs().values()) {
      held += OpWork.bytes(value);
    }
    DecodeFit fit = new DecodeFit(backend.plan(graph), held);
    if (fit.memory.isPresent() && fit.bytes() > budget.bytes()) {
      int factor = vae.spatialFactor();
      throw budget.shortage(
          "decoding frames of %dx%d".formatted(width * factor, height * factor), fit.bytes());
    }
    return fit;
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held + memory.map(plan -> plan.activations() + plan.scratch()).orElse(0L);
  }
}
