package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.train.Objective;
import org.t3jvm.model.train.TrainedVae;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Graph;

/** Gradients of a VAE's squared error of reconstruction, of all weights and of the video. */
final class TrainVaeChecks {
  private TrainVaeChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(new GoldenCase.OnBackend("gradients", backend -> check(set, fixture, backend)));
  }

  private static void check(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights =
            Loaded.open(set.folder().resolve(fixture.json().get("weights").asString()));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor video = Golden.channelsLast(Golden.ofRank(io.tensor("video"), 4));
      Shape shape = video.shape();
      Graph forward =
          TrainedVae.graph(
              VaeConfig.infer(weights.shapes()),
              weights,
              shape.intDim(0),
              shape.intDim(1),
              shape.intDim(2));
      List<String> wanted = new ArrayList<>(forward.parameters().keySet());
      wanted.add(TrainedVae.FRAMES);
      Graph graph = Objective.REGRESSION.over(forward, TrainedVae.RECONSTRUCTION);
      Map<String, Tensor> inputs = Map.of(TrainedVae.FRAMES, video, Objective.TARGET, video);
      GradientChecks.Run run = GradientChecks.run(backend, graph, wanted, weights, inputs);
      Golden.within(
          "latents",
          run.output(TrainedVae.LATENTS),
          Golden.ofRank(io.tensor("latents"), 4),
          fixture.tolerance("latents_abs"));
      Golden.within(
          "recon",
          Golden.channelsFirst(run.output(TrainedVae.RECONSTRUCTION)),
          Golden.ofRank(io.tensor("recon"), 4),
          fixture.tolerance("recon_abs"));
      GradientChecks.compare(fixture, io, "", run);
      Tensor expected = Golden.ofRank(io.tensor("grad_video"), 4);
      Golden.within(
          "grad_video",
          Golden.channelsFirst(Golden.named(run.gradients(), TrainedVae.FRAMES)),
          expected,
          fixture.tolerance("grad_video_rel_to_max") * GradientChecks.largest(expected));
    }
  }
}
