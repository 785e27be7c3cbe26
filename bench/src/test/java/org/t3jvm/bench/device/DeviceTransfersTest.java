package org.t3jvm.bench.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.accel.device.DeviceCounts;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.accel.run.TransferCounts;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;

/** What a forward pass of the DiT brings and fetches, on devices that can start. */
@Tag("process")
class DeviceTransfersTest {
  @ParameterizedTest
  @ValueSource(strings = {"opencl", "ptx", "cuda"})
  void aForwardBringsLatentsAndTimestepAndFetchesTheVelocity(String name) throws IOException {
    BackendProvider provider = Backends.named(name);
    Assumptions.assumeTrue(
        provider.availability() instanceof Availability.Usable,
        name + ": " + provider.availability().description());
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        DeviceBackend backend = (DeviceBackend) provider.open(new BackendOptions(1))) {
      DitExpert dit = model.experts().getFirst();
      Graph graph =
          Dit.graph(
              dit.config(),
              SelfAttentionPlan.full(),
              dit.parameters(),
              new Dit.Job(new TokenGrid(1, 2, 3), 4, false, false),
              Taps.NONE);
      Map<String, Tensor> inputs = new HashMap<>();
      graph
          .inputs()
          .forEach(
              (input, value) -> {
                Tensor tensor = Tensor.allocate(DType.F32, value.shape());
                boolean changes = input.equals(Dit.LATENTS) || input.equals(Dit.SINUSOID);
                inputs.put(input, changes ? tensor : tensor.asReadOnly());
              });
      Shape velocity = graph.outputs().firstEntry().getValue().shape();
      Map<String, Tensor> outputs = Map.of(Dit.VELOCITY, Tensor.allocate(DType.F32, velocity));
      DeviceSpace space = backend.space();
      try (Program program = backend.compile(graph, dit.parameters())) {
        program.run(inputs, outputs, RegionListener.NONE);
        TransferCounts before = space.transferCounts();
        DeviceCounts device = space.deviceCounts();
        program.run(inputs, outputs, RegionListener.NONE);
        TransferCounts after = space.transferCounts();
        assertThat(after.inputs() - before.inputs()).as("inputs brought").isEqualTo(2);
        assertThat(after.parameters() - before.parameters()).as("parameters brought").isZero();
        assertThat(after.outputs() - before.outputs()).as("results fetched").isEqualTo(1);
        assertThat(after.outputBytes() - before.outputBytes())
            .as("bytes fetched")
            .isEqualTo(velocity.elements() * 4);
        assertThat(space.deviceCounts().compiled() - device.compiled())
            .as("kernels compiled by the second pass")
            .isZero();
      }
    }
  }

  /** Hands what runs leave on through the host. */
  private record ThroughHost(Backend backend) implements Backend {
    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
      return backend.compile(graph, parameters);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl", "ptx", "cuda"})
  void theVaesStateStaysOnTheDevice(String name) throws IOException {
    BackendProvider provider = Backends.named(name);
    Assumptions.assumeTrue(
        provider.availability() instanceof Availability.Usable,
        name + ": " + provider.availability().description());
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())));
        DeviceBackend backend = (DeviceBackend) provider.open(new BackendOptions(1))) {
      List<Tensor> latents = new ArrayList<>();
      TorchRandom random = new TorchRandom(3);
      for (int t = 0; t < 4; t++) {
        latents.add(random.randn(Shape.of(model.vaeConfig().latentChannels(), 1, 2, 3)));
      }
      List<TransferCounts> counts = new ArrayList<>();
      List<Tensor> expected = decode(model, new ThroughHost(backend), latents, () -> {});
      List<Tensor> actual =
          decode(model, backend, latents, () -> counts.add(backend.space().transferCounts()));
      // The first two frames start from zeros, which are brought.
      TransferCounts before = counts.get(1);
      TransferCounts after = counts.getLast();
      assertThat(after.inputs() - before.inputs()).as("inputs brought: latents").isEqualTo(2);
      assertThat(after.outputs() - before.outputs()).as("results fetched: frames").isEqualTo(2);
      for (int t = 0; t < latents.size(); t++) {
        assertThat(actual.get(t).segment().mismatch(expected.get(t).segment()))
            .as("frames of latent frame %d, seed 3: first different byte", t)
            .isEqualTo(-1);
      }
    }
  }

  private static List<Tensor> decode(
      VideoModel model, Backend backend, List<Tensor> latents, Runnable afterEach) {
    List<Tensor> frames = new ArrayList<>();
    try (VaeDecoder decoder =
        new VaeDecoder(backend, model.vaeConfig(), model.vaeParameters(), 2, 3, Taps.NONE)) {
      for (Tensor latent : latents) {
        frames.add(decoder.decode(latent, RegionListener.NONE));
        afterEach.run();
      }
    }
    return frames;
  }
}
