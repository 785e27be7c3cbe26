package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.layout.Part;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;

/**
 * The whole DiT (SPEC 4) with its intermediate values. Expected tensors are named {@code run.what};
 * the run's name says which attention and which timesteps it has.
 */
final class DitChecks {
  /** What the reference ran, by the first part of a tensor's name. */
  private enum Run {
    T3(true, false),
    FULL(false, false),
    FULL2(false, false),
    PLAIN(true, false),
    SEP(true, true),
    SEP_FULL(false, true);

    private final boolean windows;
    private final boolean separated;

    Run(boolean windows, boolean separated) {
      this.windows = windows;
      this.separated = separated;
    }

    /** The first part of its tensors' names. */
    private String prefix() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<String> INPUTS = Set.of("context", "latents", "timestep");

  /** Intermediate values that no attention has touched yet. */
  private static final Set<String> EMBEDDINGS =
      Set.of("patch_embedding", "sinusoid", "text_embedding", "time_embedding", "time_projection");

  private static final String BF16 = "out_bf16_weights";

  private DitChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    SequencedMap<Run, List<String>> byRun = new LinkedHashMap<>();
    List<String> embeddings = new ArrayList<>();
    List<GoldenCase> cases = new ArrayList<>();
    for (String name : fixture.ioNames()) {
      int dot = name.indexOf('.');
      if (dot > 0) {
        Run run = Run.valueOf(name.substring(0, dot).toUpperCase(Locale.ROOT));
        String what = name.substring(dot + 1);
        if (what.equals(BF16)) {
          cases.add(
              new GoldenCase.OnBackend(
                  name, backend -> check(fixture, run, true, List.of(name), backend)));
        } else if (!INPUTS.contains(what)) {
          byRun.computeIfAbsent(run, key -> new ArrayList<>()).add(name);
        }
      } else if (EMBEDDINGS.contains(name)) {
        embeddings.add(name);
      } else if (!INPUTS.contains(name)) {
        throw new AssertionError("no check knows what tensor '" + name + "' is");
      }
    }
    byRun.forEach(
        (run, names) ->
            cases.add(
                new GoldenCase.OnBackend(
                    run.prefix(), backend -> check(fixture, run, false, names, backend))));
    if (!embeddings.isEmpty()) {
      cases.add(
          new GoldenCase.OnBackend(
              "embeddings", backend -> check(fixture, Run.T3, false, embeddings, backend)));
    }
    return cases;
  }

  private static void check(
      Fixture fixture, Run run, boolean bf16, List<String> names, Backend backend)
      throws IOException {
    try (Loaded weights = Loaded.open(Part.DIT, fixture.weights(bf16));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      DitConfig config = config(fixture, weights);
      Tensor contexts = input(io, run, "context");
      for (int i = 0; i < contexts.shape().dim(0); i++) {
        Tensor context = Golden.ofRank(contexts.rows(i, 1), 2);
        Map<String, Tensor> actual = forward(fixture, run, config, weights, io, context, backend);
        for (String name : names) {
          compare(fixture, name, actual, io.tensor(name), i);
        }
      }
    }
  }

  /** The configuration that the shapes imply, which must be the one that the entry states. */
  static DitConfig config(Fixture fixture, Loaded weights) {
    DitConfig config =
        DitConfig.infer(weights.shapes(), OptionalInt.of(fixture.config("num_heads")));
    DitConfig stated =
        new DitConfig(
            fixture.config("in_dim"),
            fixture.config("out_dim"),
            fixture.config("dim"),
            fixture.config("num_heads"),
            fixture.config("ffn_dim"),
            fixture.config("num_layers"),
            fixture.config("freq_dim"),
            fixture.config("text_dim"),
            fixture.json().get("config").get("patch_size").get(1).asInt(),
            fixture.json().get("config").get("patch_size").get(2).asInt());
    if (!config.equals(stated)) {
      throw new AssertionError("inferred " + config + ", should be " + stated);
    }
    return config;
  }

  /** An input of a run: its own, or the one that all runs share. */
  private static Tensor input(Loaded io, Run run, String name) {
    String own = run.prefix() + "." + name;
    return io.tensor(io.has(own) ? own : name);
  }

  /** The velocity of a run, on its own inputs, under other weights of the same shapes. */
  static Tensor velocity(Fixture fixture, String run, Parameters weights, Backend backend)
      throws IOException {
    Run which = Run.valueOf(run.toUpperCase(Locale.ROOT));
    try (Loaded stored = Loaded.open(fixture.weights(false));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor context = Golden.ofRank(input(io, which, "context").rows(0, 1), 2);
      DitConfig config = config(fixture, stored);
      return Golden.named(
          forward(fixture, which, config, weights, io, context, backend), Dit.VELOCITY);
    }
  }

  private static Map<String, Tensor> forward(
      Fixture fixture,
      Run run,
      DitConfig config,
      Parameters weights,
      Loaded io,
      Tensor context,
      Backend backend) {
    Tensor latents = Golden.ofRank(input(io, run, "latents"), 4);
    Shape shape = latents.shape();
    TokenGrid grid = config.grid(shape.intDim(1), shape.intDim(2), shape.intDim(3));
    float timestep = (float) input(io, run, "timestep").getDouble(0);
    float[] timesteps = run.separated ? new float[] {0, timestep} : new float[] {timestep};
    Tensor sinusoid = TimestepEmbedding.sinusoid(config.freqDim(), timesteps);
    int rows = context.shape().intDim(0);
    Map<String, Tensor> results = new HashMap<>();
    results.put("sinusoid", sinusoid);
    Graph textGraph = DitText.graph(config, weights, rows, Tracer::output);
    Map<String, Tensor> inputs = new HashMap<>();
    try (Program text = backend.compile(textGraph, weights)) {
      text.run(Map.of(DitText.CONTEXT, context))
          .forEach(
              (name, tensor) -> (name.startsWith("text.") ? inputs : results).put(name, tensor));
    }
    inputs.put(Dit.LATENTS, latents);
    inputs.put(Dit.SINUSOID, sinusoid);
    SelfAttentionPlan plan = run.windows ? fixture.windows() : SelfAttentionPlan.full();
    Dit.Job job = new Dit.Job(grid, rows, false, run.separated);
    Graph graph = Dit.graph(config, plan, weights, job, Tracer::output);
    try (Program program = backend.compile(graph, weights)) {
      results.putAll(program.run(inputs));
    }
    return results;
  }

  private static void compare(
      Fixture fixture, String name, Map<String, Tensor> actual, Tensor expected, int context) {
    Tolerance tolerance = fixture.tolerance();
    String what = name.substring(name.indexOf('.') + 1);
    String label = name + (context == 0 ? "" : ", context " + context);
    switch (what) {
      case "out", BF16 -> {
        Tensor one = Golden.ofRank(expected.rows(context, 1), 4);
        Golden.within(label, Golden.named(actual, Dit.VELOCITY), one, tolerance.of("out_abs"));
      }
      case "patch_embedding" ->
          Golden.within(
              label,
              Golden.channelsFirst(Golden.named(actual, what)).reshape(expected.shape()),
              expected,
              tolerance.of("blocks_abs"));
      case "time_embedding_rows" ->
          Golden.within(
              label, timeEmbeddingRows(fixture, actual), expected, tolerance.of("out_abs"));
      default ->
          Golden.within(
              label,
              Golden.named(actual, what),
              expected,
              tolerance.of(tolerance.has("blocks_abs") ? "blocks_abs" : "out_abs"));
    }
  }

  /**
   * The embedding of each token that the entry lists: of row 0 in latent frame 0, else of row 1.
   */
  private static Tensor timeEmbeddingRows(Fixture fixture, Map<String, Tensor> actual) {
    int tokensPerFrame =
        fixture.json().get("grid").get(1).asInt() * fixture.json().get("grid").get(2).asInt();
    List<Tensor> rows = new ArrayList<>();
    fixture
        .json()
        .get("time_embedding_rows")
        .forEach(
            token ->
                rows.add(
                    Golden.named(actual, "time_embedding")
                        .rows(token.asInt() < tokensPerFrame ? 0 : 1, 1)));
    return Golden.joined(rows);
  }
}
