package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import tools.jackson.databind.JsonNode;

/** FreeSwim's passes of the DiT: two paths, one on kept cross-attention, one alone (SPEC 20.4). */
final class FreeSwimDitChecks {
  private FreeSwimDitChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(
        new GoldenCase.OnBackend("two paths", backend -> twoPaths(set, fixture, backend)),
        new GoldenCase.OnBackend("kept", backend -> kept(set, fixture, backend)),
        new GoldenCase.OnBackend("unconditional", backend -> alone(set, fixture, backend)));
  }

  private static void twoPaths(FixtureSet set, Fixture fixture, Backend backend)
      throws IOException {
    try (Inputs inputs = new Inputs(set, fixture, backend)) {
      Map<String, Tensor> tapped =
          inputs.run(Dit.Paths.TWO, "context", "latents", "timestep", Tracer::output);
      Map<String, String> expected = new LinkedHashMap<>();
      for (String block : List.of("block0", inputs.lastBlock())) {
        expected.put("nocache." + block + ".window", block + ".window");
        expected.put("nocache." + block + ".full", block + ".full");
      }
      expected.forEach((name, ours) -> inputs.compare(name, tapped, ours, "block_abs"));
      inputs.compare("nocache.window_out", tapped, Dit.VELOCITY, "out_abs");
      inputs.compare("nocache.full_out", tapped, Dit.FULL_VELOCITY, "out_abs");
      // Without taps the full path ends with its last cross-attention.
      Map<String, Tensor> untapped =
          inputs.run(Dit.Paths.TWO, "context", "latents", "timestep", Taps.NONE);
      inputs.compare("nocache.window_out", untapped, Dit.VELOCITY, "out_abs");
      Map<String, Tensor> negative =
          inputs.run(Dit.Paths.TWO, "negative_context", "latents", "timestep", Taps.NONE);
      inputs.compare("nocache.negative.window_out", negative, Dit.VELOCITY, "out_abs");
    }
  }

  private static void kept(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
    try (Inputs inputs = new Inputs(set, fixture, backend)) {
      Map<String, Tensor> refreshed =
          inputs.run(Dit.Paths.TWO_KEPT, "context", "latents", "timestep", Taps.NONE);
      inputs.compare("cached.refresh.window_out", refreshed, Dit.VELOCITY, "out_abs");
      Map<String, Tensor> tapped =
          inputs.run(Dit.Paths.TWO_KEPT, "context", "latents", "timestep", Tracer::output);
      inputs.compare("cached.refresh.full_out", tapped, Dit.FULL_VELOCITY, "out_abs");
      for (String block : List.of("block0", inputs.lastBlock())) {
        inputs.compare("cached.ctx." + block, tapped, block + ".cross_attn.attn", "ctx_abs");
      }
      Map<String, Tensor> reused =
          inputs.run(Dit.Paths.KEPT, refreshed, "reuse.latents", "reuse.timestep", Taps.NONE);
      inputs.compare("cached.reuse.window_out", reused, Dit.VELOCITY, "out_abs");
    }
  }

  private static void alone(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
    try (Inputs inputs = new Inputs(set, fixture, backend)) {
      Map<String, Tensor> alone =
          inputs.run(
              Dit.Paths.ONE, "negative_context", "reuse.latents", "reuse.timestep", Taps.NONE);
      inputs.compare("cached.uncond.window_out", alone, Dit.VELOCITY, "out_abs");
    }
  }

  /** The entry's windows. */
  static InwardWindows windows(Fixture fixture) {
    JsonNode reach = fixture.json().get("half_widths");
    return new InwardWindows(reach.get(0).asInt(), reach.get(1).asInt(), 1, true);
  }

  private record Inputs(
      Fixture fixture, Loaded weights, Loaded io, DitConfig config, Backend backend)
      implements AutoCloseable {
    Inputs(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
      this(fixture, TrainDitChecks.weights(set, fixture), fixture, backend);
    }

    private Inputs(Fixture fixture, Loaded weights, Fixture shapes, Backend backend)
        throws IOException {
      this(
          fixture,
          weights,
          Loaded.open(shapes.path("/io.safetensors")),
          DitChecks.config(fixture, weights),
          backend);
    }

    String lastBlock() {
      return "block" + (config.layers() - 1);
    }

    Map<String, Tensor> run(
        Dit.Paths paths, String context, String latents, String timestep, Taps taps) {
      Tensor rows = Golden.ofRank(io.tensor(context), 2);
      Graph graph = DitText.graph(config, weights, rows.shape().intDim(0), Taps.NONE);
      try (Program text = backend.compile(graph, weights)) {
        return run(paths, text.run(Map.of(DitText.CONTEXT, rows)), latents, timestep, taps);
      }
    }

    /** With what cross-attention needs: keys and values of a text, or what it gave before. */
    Map<String, Tensor> run(
        Dit.Paths paths, Map<String, Tensor> cross, String latents, String timestep, Taps taps) {
      Tensor start = Golden.ofRank(io.tensor(latents), 4);
      Shape shape = start.shape();
      TokenGrid grid = config.grid(shape.intDim(1), shape.intDim(2), shape.intDim(3));
      int rows = io.tensor("context").shape().intDim(1);
      Dit.Job job = new Dit.Job(grid, rows, false, false).on(paths);
      Graph graph = Dit.graph(config, windows(fixture), weights, job, taps);
      Map<String, Tensor> inputs = new HashMap<>(cross);
      inputs.keySet().retainAll(graph.inputs().keySet());
      inputs.put(Dit.LATENTS, start);
      inputs.put(
          Dit.SINUSOID,
          TimestepEmbedding.sinusoid(config.freqDim(), (float) io.tensor(timestep).getDouble(0)));
      try (Program program = backend.compile(graph, weights)) {
        return program.run(inputs);
      }
    }

    void compare(String expected, Map<String, Tensor> actual, String name, String tolerance) {
      Golden.within(
          expected,
          Golden.named(actual, name),
          io.tensor(expected),
          fixture.tolerance().of(tolerance));
    }

    @Override
    public void close() throws IOException {
      weights.close();
      io.close();
    }
  }
}
