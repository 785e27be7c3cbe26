package org.t3jvm.bench.fullsize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.fit.DecodeFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** The command on small VAEs; on the real sizes it is for people to run. */
class FullSizeVaeTest {
  @TempDir private Path dir;

  private static String run(int expected, String... args) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    int status = Main.run(writer, writer, List.of(new FullSizeVaeProvider()), args);
    assertThat(status).as(out.toString()).isEqualTo(expected);
    return out.toString();
  }

  @Test
  void decodesInBandsThatFit() throws IOException {
    for (VaeConfig config : List.of(VaeConfig.wan21(4), VaeConfig.wan22(3, 4))) {
      String file = dir.resolve(config.family() + ".safetensors").toString();
      new SyntheticVae(config).write(Path.of(file));
      String[] whole = {
        "full-size-vae", "--vae", file, "--height", "128", "--width", "64", "--latent-frames", "2"
      };
      assertThat(run(0, whole))
          .contains("2 latent frames of 64x128 pixels in 1 bands", "640 rows of pixels");
    }
    VaeConfig config = VaeConfig.wan21(4);
    String file = dir.resolve("Wan2.1.safetensors").toString();
    String[] banded = {
      "full-size-vae",
      "--vae",
      file,
      "--height",
      "256",
      "--width",
      "64",
      "--bands",
      "2",
      "--memory",
      share(config, 32, 8, 0.8)
    };
    assertThat(run(0, banded)).containsPattern("stopped after 2 of \\d+ bands");
    banded[10] = "1k";
    assertThat(run(1, banded)).contains("decoding frames of 64x256 takes at least");
  }

  /** A share of the memory that decoding one latent frame in whole planes takes. */
  private static String share(VaeConfig config, int rows, int columns, double share) {
    Map<String, Shape> shapes = config.parameterShapes().asMap();
    try (Backend backend = Backends.named("cpu").open(BackendOptions.defaults())) {
      DecodeFit fit =
          DecodeFit.of(
              backend,
              config,
              name -> new TensorType(DType.F32, Objects.requireNonNull(shapes.get(name), name)),
              Shape.of(config.latentChannels(), 1, rows, columns),
              MemoryBudget.UNLIMITED);
      assertThat(fit.bands()).isEmpty();
      return String.valueOf((long) (share * fit.bytes()));
    }
  }
}
