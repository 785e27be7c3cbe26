package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.VaeProbe;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Tracer;

/** The VAEs (SPEC 6 and 7): encode and decode, whole and chunk after chunk, with intermediates. */
final class VaeChecks {
  private static final Set<String> COMPARED_BY_OTHERS =
      Set.of("video", "latents", "decode_in", "decoded", "decoded_unclamped_frac_outside");

  private static final Pattern CHUNK = Pattern.compile("(enc|dec)\\.(\\w+)\\.chunk\\.(\\d+)");
  private static final Pattern TILING = Pattern.compile("(tiled|tiled_enc|mask)[.].*");

  private VaeChecks() {}

  /** A model ready to encode or decode one video. */
  private record Session(Fixture fixture, VaeConfig config, Loaded weights, Loaded io)
      implements AutoCloseable {
    static Session open(Fixture fixture) throws IOException {
      Loaded weights = Loaded.open(fixture.path(".pth"));
      return new Session(
          fixture,
          VaeConfig.infer(weights.shapes()),
          weights,
          Loaded.open(fixture.path("/io.safetensors")));
    }

    Tensor video() {
      return Golden.channelsLast(Golden.ofRank(io.tensor("video"), 4));
    }

    VaeEncoder encoder(Backend backend, Taps taps) {
      Tensor video = io.tensor("video");
      return new VaeEncoder(
          backend, config, weights, video.shape().intDim(-2), video.shape().intDim(-1), taps);
    }

    Tensor latents() {
      return Golden.ofRank(io.tensor("decode_in"), 4);
    }

    VaeDecoder decoder(Backend backend, Taps taps) {
      Tensor latents = io.tensor("decode_in");
      return new VaeDecoder(
          backend, config, weights, latents.shape().intDim(-2), latents.shape().intDim(-1), taps);
    }

    @Override
    public void close() {
      weights.close();
      io.close();
    }
  }

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<String> encoderChunks = new ArrayList<>();
    List<String> decoderChunks = new ArrayList<>();
    List<String> tiling = new ArrayList<>();
    for (String name : fixture.ioNames()) {
      Matcher chunk = CHUNK.matcher(name);
      if (chunk.matches()) {
        (chunk.group(1).equals("enc") ? encoderChunks : decoderChunks).add(name);
      } else if (TILING.matcher(name).matches()) {
        tiling.add(name);
      } else if (!COMPARED_BY_OTHERS.contains(name)) {
        throw new AssertionError("no check knows what tensor '" + name + "' is");
      }
    }
    List<GoldenCase> cases = new ArrayList<>();
    cases.add(new GoldenCase.OnHost("parameter count", () -> checkParameters(fixture)));
    cases.add(new GoldenCase.OnBackend("encode whole", backend -> encodeWhole(fixture, backend)));
    cases.add(
        new GoldenCase.OnBackend(
            "encode in chunks", backend -> encodeChunks(fixture, encoderChunks, backend)));
    cases.add(new GoldenCase.OnBackend("decode whole", backend -> decodeWhole(fixture, backend)));
    cases.add(
        new GoldenCase.OnBackend(
            "decode in chunks", backend -> decodeChunks(fixture, decoderChunks, backend)));
    cases.addAll(VaeTilingChecks.cases(fixture, tiling));
    return cases;
  }

  private static void checkParameters(Fixture fixture) throws IOException {
    try (Session session = Session.open(fixture)) {
      Map<String, Shape> expected = session.config.parameterShapes().asMap();
      if (!expected.equals(session.weights.shapes())) {
        throw new AssertionError(
            "the tensors of %s are not what the file holds".formatted(session.config));
      }
      long count = expected.values().stream().mapToLong(shape -> shape.elements()).sum();
      if (count != fixture.json().get("params").asLong()) {
        throw new AssertionError(
            "%d parameters, should be %s".formatted(count, fixture.json().get("params")));
      }
    }
  }

  private static void encodeWhole(Fixture fixture, Backend backend) throws IOException {
    try (Session session = Session.open(fixture);
        VaeEncoder encoder = session.encoder(backend, Taps.NONE)) {
      Golden.within(
          "latents",
          Golden.named(VaeProbe.encode(encoder, session.video()), VaeProbe.RESULT),
          Golden.ofRank(session.io.tensor("latents"), 4),
          fixture.tolerance().of("latents_abs"));
    }
  }

  private static void encodeChunks(Fixture fixture, List<String> names, Backend backend)
      throws IOException {
    double tolerance = fixture.tolerance().of("latents_abs");
    try (Session session = Session.open(fixture);
        VaeEncoder encoder = session.encoder(backend, Tracer::output)) {
      Tensor video = session.video();
      Tensor latents = Golden.ofRank(session.io.tensor("latents"), 4);
      double perUnit = tolerance / Math.max(1, largest(latents));
      int chunk = 0;
      int compared = 0;
      for (long frame = 0; frame < video.shape().dim(0); chunk++) {
        long frames = chunk == 0 ? 1 : VaeConfig.TEMPORAL_FACTOR;
        Map<String, Tensor> actual = VaeProbe.encode(encoder, video.rows(frame, frames));
        compared += compareChunk(session, names, chunk, actual, perUnit);
        Golden.within(
            "latents of chunk " + chunk,
            Golden.named(actual, VaeProbe.RESULT),
            Golden.along1(latents, chunk, 1),
            tolerance);
        frame += frames;
      }
      requireAllCompared(names, compared);
    }
  }

  private static void decodeWhole(Fixture fixture, Backend backend) throws IOException {
    try (Session session = Session.open(fixture);
        VaeDecoder decoder = session.decoder(backend, Taps.NONE)) {
      Tensor frames = Golden.named(VaeProbe.decode(decoder, session.latents()), VaeProbe.RESULT);
      checkDecoded(session, frames);
    }
  }

  private static void decodeChunks(Fixture fixture, List<String> names, Backend backend)
      throws IOException {
    double tolerance = fixture.tolerance().of("decoded_abs");
    try (Session session = Session.open(fixture);
        VaeDecoder decoder = session.decoder(backend, Tracer::output)) {
      Tensor latents = session.latents();
      List<Tensor> frames = new ArrayList<>();
      int compared = 0;
      for (int chunk = 0; chunk < latents.shape().dim(1); chunk++) {
        Map<String, Tensor> actual = VaeProbe.decode(decoder, Golden.along1(latents, chunk, 1));
        compared += compareChunk(session, names, chunk, actual, tolerance);
        frames.add(Golden.named(actual, VaeProbe.RESULT));
      }
      requireAllCompared(names, compared);
      checkDecoded(session, Golden.joined(frames));
    }
  }

  private static void requireAllCompared(List<String> names, int compared) {
    if (compared != names.size()) {
      throw new AssertionError("only %d of %s are of a chunk".formatted(compared, names));
    }
  }

  /**
   * Compares the intermediate values of one chunk; gives how many there are.
   *
   * @param perUnit tolerance of a value of size 1: the entry states one for results, of which
   *     intermediate values are multiples
   */
  private static int compareChunk(
      Session session, List<String> names, int chunk, Map<String, Tensor> actual, double perUnit) {
    int compared = 0;
    for (String name : names) {
      Matcher matcher = CHUNK.matcher(name);
      if (matcher.matches() && Integer.parseInt(matcher.group(3)) == chunk) {
        String layer =
            VaeProbe.layer(session.config, matcher.group(1).equals("enc"), matcher.group(2));
        Tensor expected = Golden.ofRank(session.io.tensor(name), 4);
        Golden.within(
            name,
            Golden.channelsFirst(Golden.named(actual, layer)),
            expected,
            perUnit * Math.max(1, largest(expected)));
        compared++;
      }
    }
    return compared;
  }

  /** Frames [F, H, W, 3] against the whole video, and the share of them that the clamp changed. */
  private static void checkDecoded(Session session, Tensor frames) {
    double tolerance = session.fixture.tolerance().of("decoded_abs");
    Tensor expected = Golden.ofRank(session.io.tensor("decoded"), 4);
    Golden.within("decoded", Golden.channelsFirst(frames), expected, tolerance);
    double share = session.io.tensor("decoded_unclamped_frac_outside").getDouble(0);
    double actual = atLeast(frames, 1);
    double undecided = atLeast(expected, 1 - tolerance) - atLeast(expected, 1);
    double margin = Math.max(undecided, 1.0 / frames.shape().elements());
    if (!(Math.abs(actual - share) <= margin)) {
      throw new AssertionError(
          "a share of %.5f of the values is clamped, should be %.5f give or take %.5f"
              .formatted(actual, share, margin));
    }
  }

  private static double largest(Tensor x) {
    double largest = 0;
    for (long i = 0; i < x.shape().elements(); i++) {
      largest = Math.max(largest, Math.abs(x.getDouble(i)));
    }
    return largest;
  }

  private static double atLeast(Tensor x, double bound) {
    long count = 0;
    for (long i = 0; i < x.shape().elements(); i++) {
      if (Math.abs(x.getDouble(i)) >= bound) {
        count++;
      }
    }
    return (double) count / x.shape().elements();
  }
}
