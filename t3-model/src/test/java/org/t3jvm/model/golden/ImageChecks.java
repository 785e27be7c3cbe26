package org.t3jvm.model.golden;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Resizing of pictures (SPEC 13): {@code inN} to {@code outN}, byte for byte. */
final class ImageChecks {
  private ImageChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (String name : names(fixture)) {
      if (name.startsWith("in")) {
        String out = "out" + name.substring(2);
        cases.add(new GoldenCase.OnHost(out, () -> check(fixture, name, out)));
      } else if (!name.startsWith("out")) {
        throw new AssertionError("no check knows what tensor '" + name + "' is");
      }
    }
    return cases;
  }

  private static Set<String> names(Fixture fixture) throws IOException {
    try (Loaded io = Loaded.open(fixture.path(".safetensors"))) {
      return io.shapes().keySet();
    }
  }

  private static void check(Fixture fixture, String in, String out) throws IOException {
    try (Loaded io = Loaded.open(fixture.path(".safetensors"))) {
      Tensor expected = io.tensor(out);
      Shape size = expected.shape();
      RgbImage resized = BicubicResize.resize(image(io.tensor(in)), size.intDim(0), size.intDim(1));
      Golden.sameBits(out, tensor(resized), expected);
    }
  }

  /** A tensor [H, W, 3] uint8 as a picture. */
  static RgbImage image(Tensor tensor) {
    return new RgbImage(
        tensor.shape().intDim(0),
        tensor.shape().intDim(1),
        tensor.segment().toArray(ValueLayout.JAVA_BYTE));
  }

  /** A picture as a tensor [H, W, 3] uint8. */
  static Tensor tensor(RgbImage image) {
    Tensor tensor = Tensor.allocate(DType.U8, Shape.of(image.height(), image.width(), 3));
    tensor.segment().copyFrom(MemorySegment.ofArray(image.rgb()));
    return tensor;
  }
}
