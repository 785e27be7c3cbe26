package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeProbe;
import org.t3jvm.model.vae.tile.TiledDecoder;
import org.t3jvm.model.vae.tile.TiledEncoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.RegionListener;
import tools.jackson.databind.JsonNode;

/** The VAEs in blended tiles (SPEC 8): masks, decode and encode. */
final class VaeTilingChecks {
  private static final Pattern MASK =
      Pattern.compile("mask\\.(\\d+)x(\\d+)\\.bounds_([TF]{4})\\.border(\\d+)x(\\d+)");

  private VaeTilingChecks() {}

  /** Checks of the tensors of these names, all of them. */
  static List<GoldenCase> cases(Fixture fixture, List<String> names) {
    List<GoldenCase> cases = new ArrayList<>();
    for (String name : names) {
      Matcher mask = MASK.matcher(name);
      if (mask.matches()) {
        cases.add(new GoldenCase.OnHost(name, () -> checkMask(fixture, name, mask)));
        continue;
      }
      switch (name) {
        case "tiled.decoded" ->
            cases.add(
                new GoldenCase.OnBackend("decode in tiles", backend -> decode(fixture, backend)));
        case "tiled_enc.latents" ->
            cases.add(
                new GoldenCase.OnBackend("encode in tiles", backend -> encode(fixture, backend)));
        // What those two start from.
        case "tiled.latents", "tiled_enc.video" -> {}
        default -> throw new AssertionError("no check knows what tensor '" + name + "' is");
      }
    }
    return cases;
  }

  private static Tiling tiling(Fixture fixture, String key) {
    JsonNode json = fixture.json().get(key);
    JsonNode size = json.get("tile_size");
    JsonNode stride = json.get("tile_stride");
    return new Tiling(
        size.get(0).asInt(), size.get(1).asInt(), stride.get(0).asInt(), stride.get(1).asInt());
  }

  private static void checkMask(Fixture fixture, String name, Matcher of) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      String edges = of.group(3);
      Golden.within(
          name,
          VaeProbe.mask(
              Integer.parseInt(of.group(1)),
              Integer.parseInt(of.group(2)),
              edges.charAt(0) == 'T',
              edges.charAt(1) == 'T',
              edges.charAt(2) == 'T',
              edges.charAt(3) == 'T',
              Integer.parseInt(of.group(4)),
              Integer.parseInt(of.group(5))),
          io.tensor(name),
          0);
    }
  }

  private static void decode(Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights = Loaded.open(fixture.path(".pth"));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor latents = Golden.ofRank(io.tensor("tiled.latents"), 4);
      Tiling tiling = tiling(fixture, "tiled_decode");
      Shape shape = latents.shape();
      TiledDecoder decoder =
          new TiledDecoder(
              backend,
              VaeConfig.infer(weights.shapes()),
              weights,
              tiling,
              shape.intDim(2),
              shape.intDim(3));
      List<Tensor> frames = new ArrayList<>();
      List<Integer> steps = new ArrayList<>();
      decoder.decode(
          shape.intDim(1),
          t -> Golden.along1(latents, t, 1),
          RegionListener.NONE,
          new TiledDecoder.Listener() {
            @Override
            public void step(int step) {
              steps.add(step);
            }

            @Override
            public void decoded(int frame, Tensor pixels) {
              frames.add(Golden.copy(pixels));
            }
          });
      Golden.within(
          "tiled.decoded",
          Golden.channelsFirst(Golden.joined(frames)),
          Golden.ofRank(io.tensor("tiled.decoded"), 4),
          fixture.tolerance("tiled_abs"));
      if (steps.size() != decoder.steps(shape.intDim(1))) {
        throw new AssertionError("steps are %s".formatted(steps));
      }
    }
  }

  private static void encode(Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights = Loaded.open(fixture.path(".pth"));
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor video = Golden.channelsLast(Golden.ofRank(io.tensor("tiled_enc.video"), 4));
      Tensor expected = Golden.ofRank(io.tensor("tiled_enc.latents"), 4);
      Tiling tiling = tiling(fixture, "tiled_encode");
      Shape shape = expected.shape();
      TiledEncoder encoder =
          new TiledEncoder(
              backend,
              VaeConfig.infer(weights.shapes()),
              weights,
              tiling,
              shape.intDim(2),
              shape.intDim(3));
      Tensor latents =
          encoder.encode(
              shape.intDim(1),
              (arena, first, count) -> video.rows(first, count),
              RegionListener.NONE,
              step -> {});
      Golden.within("tiled_enc.latents", latents, expected, fixture.tolerance("latents_abs"));
    }
  }
}
