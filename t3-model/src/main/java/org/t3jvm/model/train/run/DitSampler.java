package org.t3jvm.model.train.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.run.LatentFrames;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.train.Trainer;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;

/** Samples what a transformer makes of a caption so far: a few Euler steps without guidance. */
record DitSampler(Backend backend, ModelPart<VaeConfig> vae, int freqDim) {
  private static final int STEPS = 8;
  private static final float SHIFT = 5;
  private static final long SEED = 1;

  /**
   * The latents of a sample, [C, T, h, w].
   *
   * @param graph that is trained, over {@code weights}
   * @param example whose caption is sampled
   */
  Tensor latents(Graph graph, Parameters weights, Trainer.Example example) {
    FlowMatchScheduler schedule = new FlowMatchScheduler(STEPS, SHIFT);
    Tensor latents = new TorchRandom(SEED).randn(example.size());
    Tensor velocity = Tensor.allocate(DType.F32, example.size());
    try (Program program = backend.compile(graph, weights)) {
      for (int step = 0; step < STEPS; step++) {
        Map<String, Tensor> inputs = new HashMap<>(example.inputs());
        inputs.put(Dit.LATENTS, latents);
        inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(freqDim, schedule.timestep(step)));
        program.run(inputs, Map.of(Dit.VELOCITY, velocity), RegionListener.NONE);
        schedule.step(step, velocity, latents);
      }
    }
    return latents;
  }

  /** The first frame of every latent frame, F32 [T, H, W, 3]. */
  Tensor frames(Tensor latents) {
    Shape shape = latents.shape();
    List<Tensor> firsts = new ArrayList<>();
    try (VaeDecoder decoder =
        new VaeDecoder(
            backend, vae.config(), vae.parameters(), shape.intDim(2), shape.intDim(3), Taps.NONE)) {
      for (int t = 0; t < shape.intDim(1); t++) {
        firsts.add(decoder.decode(LatentFrames.get(latents, t), region -> {}).rows(0, 1));
      }
    }
    Tensor all = Tensor.allocate(DType.F32, firsts.getFirst().shape().with(0, firsts.size()));
    for (int t = 0; t < firsts.size(); t++) {
      all.rows(t, 1).copyFrom(firsts.get(t));
    }
    return all;
  }
}
