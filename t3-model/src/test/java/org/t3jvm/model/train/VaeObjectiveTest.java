package org.t3jvm.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.train.data.encode.PixelCrop;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.world.Clip;
import org.t3jvm.model.world.World;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.random.TorchRandom;

/** Against encoding and decoding chunk by chunk, formulas in float64, and central differences. */
class VaeObjectiveTest {
  private static final int HEIGHT = 16;
  private static final int WIDTH = 24;

  private final Backend backend = Backends.named("cpu").open(BackendOptions.defaults());

  @AfterEach
  void close() {
    backend.close();
  }

  private interface Use {
    void of(VaeConfig config, Map<String, Tensor> weights) throws IOException;
  }

  /** The embedded model's autoencoder, whose earlier taps see something, in F32. */
  private static void withVae(Use use) throws IOException {
    try (EmbeddedModel embedded = EmbeddedModel.open();
        VideoModel model = VideoModel.open(ModelFiles.find(ModelSource.of(embedded.folder())))) {
      Map<String, Tensor> weights = new LinkedHashMap<>();
      for (String name : model.vaeConfig().parameterShapes().asMap().keySet()) {
        weights.put(name, model.vaeParameters().tensor(name).to(DType.F32));
      }
      use.of(model.vaeConfig(), weights);
    }
  }

  private static Tensor clip(int frames) {
    Clip clip = new World(WorldSettings.trained(12, HEIGHT, WIDTH, frames)).clip(0);
    Tensor pixels = Tensor.allocate(DType.F32, Shape.of(frames, HEIGHT, WIDTH, 3));
    for (int t = 0; t < frames; t++) {
      pixels.rows(t, 1).copyFrom(clip.frame(t).pixels());
    }
    return pixels;
  }

  private Parameters run(Graph graph, Map<String, Tensor> weights, Map<String, Tensor> given) {
    Map<String, Tensor> inputs = new HashMap<>(weights);
    inputs.putAll(given);
    inputs.keySet().retainAll(graph.inputs().keySet());
    Map<String, Tensor> results = new HashMap<>();
    graph
        .outputs()
        .forEach((name, value) -> results.put(name, Tensor.allocate(value.dtype(), value.shape())));
    try (Program program = backend.compile(graph, Parameters.of(weights))) {
      program.run(inputs, results, region -> {});
    }
    return Parameters.of(results);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 13})
  void decodesAsTheChunkedAutoencoder(int frames) throws IOException {
    withVae(
        (config, weights) -> {
          Tensor pixels = clip(frames);
          PixelCrop piece = new PixelCrop(frames, HEIGHT, WIDTH);
          Graph graph = new VaeObjective(1, 0, 0, 0).graph(config, Parameters.of(weights), piece);
          Parameters results = run(graph, weights, Map.of(TrainedVae.FRAMES, pixels));
          Parameters parameters = Parameters.of(weights);
          try (VaeEncoder encoder =
                  new VaeEncoder(backend, config, parameters, HEIGHT, WIDTH, Taps.NONE);
              VaeDecoder decoder =
                  VaeDecoder.unclamped(backend, config, parameters, HEIGHT / 8, WIDTH / 8)) {
            float[] decoded = results.tensor(TrainedVae.RECONSTRUCTION).toFloats();
            double squares = 0;
            int at = 0;
            for (int done = 0; done < frames; ) {
              int count = done == 0 ? 1 : 4;
              Tensor latents = encoder.encode(pixels.rows(done, count), region -> {});
              for (float value : decoder.decode(latents, region -> {}).toFloats()) {
                assertThat(decoded[at]).as("number %d", at).isCloseTo(value, within(2e-4f));
                double difference = value - pixels.getDouble(at++);
                squares += difference * difference;
              }
              done += count;
            }
            assertThat(at).isEqualTo(decoded.length);
            assertThat(results.tensor(Objective.LOSS).getDouble(0))
                .isCloseTo(squares / at, within(1e-5 * squares / at));
          }
        });
  }

  @Test
  void addsUpItsParts() throws IOException {
    withVae(
        (config, weights) -> {
          Tensor pixels = clip(5);
          PixelCrop piece = new PixelCrop(5, HEIGHT, WIDTH);
          VaeObjective objective = new VaeObjective(4, 0.5f, 0.25f, 0.125f);
          Tensor noise = new TorchRandom(3).randn(VaeObjective.latents(config, piece));
          Graph graph = objective.graph(config, Parameters.of(weights), piece);
          Parameters results =
              run(graph, weights, Map.of(TrainedVae.FRAMES, pixels, VaeObjective.NOISE, noise));
          float[] decoded = results.tensor(TrainedVae.RECONSTRUCTION).toFloats();
          double distance = 0;
          for (int i = 0; i < decoded.length; i++) {
            double d = decoded[i] - pixels.getDouble(i);
            distance +=
                (4 * d * d + 0.5 * Math.abs(d) + 0.25 * Math.sqrt(d * d + 1e-6)) / decoded.length;
          }
          float[] mean = results.tensor(VaeObjective.MEAN).toFloats();
          float[] logVariance = results.tensor(VaeObjective.LOG_VARIANCE).toFloats();
          double divergence = 0;
          for (int i = 0; i < mean.length; i++) {
            divergence +=
                0.5
                    * (mean[i] * mean[i] + Math.exp(logVariance[i]) - 1 - logVariance[i])
                    / mean.length;
          }
          double expected = distance + 0.125 * divergence;
          assertThat(results.tensor(Objective.LOSS).getDouble(0))
              .isCloseTo(expected, within(1e-5 * expected));
        });
  }

  @Test
  void differentiatesThroughDrawnLatents() throws IOException {
    withVae(
        (config, weights) -> {
          PixelCrop piece = new PixelCrop(5, HEIGHT, WIDTH);
          Graph graph =
              new VaeObjective(1, 0, 1, 0.1f).graph(config, Parameters.of(weights), piece);
          // One weight each before and after the latents, both halves of the moments, and a tap of
          // time that reaches beyond the frame.
          List<String> wanted =
              List.of(
                  "conv1.bias", "encoder.conv1.weight", "decoder.upsamples.0.residual.2.weight");
          Graph gradients = Gradients.of(graph, Objective.LOSS, wanted);
          Map<String, Tensor> given =
              Map.of(
                  TrainedVae.FRAMES,
                  clip(5),
                  VaeObjective.NOISE,
                  new TorchRandom(4).randn(VaeObjective.latents(config, piece)));
          Parameters results = run(gradients, weights, given);
          for (String name : wanted) {
            float[] gradient = results.tensor(Gradients.nameOf(name)).toFloats();
            double along = 0;
            for (float each : gradient) {
              along += (double) each * each;
            }
            double length = Math.sqrt(along);
            // So short that the loss is nearly straight, so long that F32 sees it.
            double step = 0.002 * results.tensor(Objective.LOSS).getDouble(0) / length;
            double up = loss(graph, weights, given, name, gradient, step / length);
            double down = loss(graph, weights, given, name, gradient, -step / length);
            assertThat((up - down) / (2 * step)).as(name).isCloseTo(length, within(0.02 * length));
          }
        });
  }

  /** The loss with one weight moved along its gradient. */
  private double loss(
      Graph graph,
      Map<String, Tensor> weights,
      Map<String, Tensor> given,
      String name,
      float[] gradient,
      double amount) {
    Map<String, Tensor> moved = new HashMap<>(weights);
    float[] values = Parameters.of(weights).tensor(name).toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (amount * gradient[i]);
    }
    moved.put(name, Tensor.ofFloats(Parameters.of(weights).tensor(name).shape(), values));
    return run(graph, moved, given).tensor(Objective.LOSS).getDouble(0);
  }
}
