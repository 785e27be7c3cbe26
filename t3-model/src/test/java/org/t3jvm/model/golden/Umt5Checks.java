package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.text.RelativeBuckets;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Tracer;

/**
 * The UMT5 encoder (SPEC 3). The reference ran padded rows under a mask; the encoder runs each
 * prompt's real tokens alone, which must give the same rows.
 */
final class Umt5Checks {
  private static final Set<String> INPUTS =
      Set.of("ids", "mask", "ctx512.ids", "ctx512.length", "rel_bucket.rel_pos");

  private static final Pattern POSITION_BIAS = Pattern.compile("(block\\d+)\\.pos_bias_(\\d+)x\\2");
  private static final Pattern ROWS = Pattern.compile("block\\d+(?:\\.attn|\\.ffn)?|out");

  private Umt5Checks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (String name : fixture.ioNames()) {
      if (ROWS.matcher(name).matches()) {
        rows.add(name);
      } else if (name.equals("out_bf16_weights")) {
        cases.add(
            new GoldenCase.OnBackend(
                name, backend -> checkRows(fixture, true, List.of(name), backend)));
      } else if (name.equals("rel_bucket.bucket")) {
        cases.add(new GoldenCase.OnHost(name, () -> checkBuckets(fixture)));
      } else if (name.equals("ctx512.out_first_rows")) {
        cases.add(new GoldenCase.OnBackend(name, backend -> checkContext(fixture, backend)));
      } else if (POSITION_BIAS.matcher(name).matches()) {
        cases.add(new GoldenCase.OnBackend(name, backend -> checkBias(fixture, name, backend)));
      } else if (!INPUTS.contains(name)) {
        throw new AssertionError("t5: no check knows what tensor '" + name + "' is");
      }
    }
    cases.add(
        new GoldenCase.OnBackend(
            "blocks and out", backend -> checkRows(fixture, false, rows, backend)));
    return cases;
  }

  /** The configuration that the shapes imply, which must be the one that the entry states. */
  static Umt5Config config(Fixture fixture, Loaded weights) {
    Umt5Config config = Umt5Config.infer(weights.shapes());
    Umt5Config stated =
        new Umt5Config(
            fixture.config("vocab"),
            fixture.config("dim"),
            fixture.config("dim_attn"),
            fixture.config("dim_ffn"),
            fixture.config("num_heads"),
            fixture.config("num_layers"),
            fixture.config("num_buckets"));
    if (!config.equals(stated)) {
      throw new AssertionError("inferred " + config + ", should be " + stated);
    }
    return config;
  }

  static Map<String, Tensor> encode(
      Umt5Config config, Loaded weights, Tensor ids, Backend backend) {
    int n = ids.shape().intDim(0);
    Tracer g = new Tracer();
    g.output("out", Umt5.trace(config, g, weights, n, Tracer::output));
    try (Program program = backend.compile(g.graph(), weights)) {
      return program.run(Map.of(Umt5.IDS, ids, Umt5.MASK, TextRows.mask(n, n)));
    }
  }

  private static void checkRows(Fixture fixture, boolean bf16, List<String> names, Backend backend)
      throws IOException {
    double tolerance = fixture.tolerance().of("out_abs");
    try (Loaded weights = Loaded.open(fixture.weights(bf16));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Umt5Config config = config(fixture, weights);
      Tensor ids = io.tensor("ids");
      for (int prompt = 0; prompt < ids.shape().dim(0); prompt++) {
        int n = realTokens(io.tensor("mask").rows(prompt, 1));
        Map<String, Tensor> actual =
            encode(config, weights, Golden.ofRank(ids.rows(prompt, 1), 1).rows(0, n), backend);
        for (String name : names) {
          Tensor expected = Golden.ofRank(io.tensor(name).rows(prompt, 1), 2).rows(0, n);
          String what = bf16 ? "out" : name;
          Golden.within(
              name + ", prompt " + prompt, Golden.named(actual, what), expected, tolerance);
        }
      }
    }
  }

  /** The length of a mask's run of ones, after which there must be none. */
  static int realTokens(Tensor mask) {
    long[] values = mask.toLongs();
    int n = 0;
    while (n < values.length && values[n] == 1) {
      n++;
    }
    for (int i = n; i < values.length; i++) {
      if (values[i] != 0) {
        throw new AssertionError("the mask has padding at " + n + " before a token at " + i);
      }
    }
    return n;
  }

  private static void checkContext(Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights = Loaded.open(fixture.weights(false));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      int n = Math.toIntExact(io.tensor("ctx512.length").getLong(0));
      Tensor ids = Golden.ofRank(io.tensor("ctx512.ids"), 1).rows(0, n);
      Tensor actual = Golden.named(encode(config(fixture, weights), weights, ids, backend), "out");
      Tensor expected = Golden.ofRank(io.tensor("ctx512.out_first_rows"), 2);
      long rows = expected.shape().dim(0);
      long compared = Math.min(n, rows);
      Golden.within(
          "ctx512 rows of tokens",
          actual.rows(0, compared),
          expected.rows(0, compared),
          fixture.tolerance().of("out_abs"));
      Tensor padding = expected.rows(compared, rows - compared);
      Golden.within(
          "ctx512 rows past the length, as TextRows pads them",
          Tensor.allocate(padding.dtype(), padding.shape()),
          padding,
          0);
    }
  }

  private static void checkBias(Fixture fixture, String name, Backend backend) throws IOException {
    Matcher matcher = POSITION_BIAS.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    int n = Integer.parseInt(matcher.group(2));
    try (Loaded weights = Loaded.open(fixture.weights(false));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor ids = Tensor.ofLongs(Shape.of(n), new long[n]);
      Map<String, Tensor> actual = encode(config(fixture, weights), weights, ids, backend);
      Golden.within(name, Golden.named(actual, matcher.group(1) + ".pos_bias"), io.tensor(name), 0);
    }
  }

  private static void checkBuckets(Fixture fixture) throws IOException {
    fixture.tolerance().requireExact("buckets");
    int buckets = fixture.config("num_buckets");
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      long[] relative = io.tensor("rel_bucket.rel_pos").toLongs();
      long[] expected = io.tensor("rel_bucket.bucket").toLongs();
      for (int i = 0; i < relative.length; i++) {
        int bucket = RelativeBuckets.bucket(Math.toIntExact(relative[i]), buckets);
        if (bucket != expected[i]) {
          throw new AssertionError(
              "bucket of relative position %d is %d, should be %d"
                  .formatted(relative[i], bucket, expected[i]));
        }
      }
    }
  }
}
