package org.t3jvm.bench.fullsize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;

/** The command on a small encoder; on the real size it is for people to run. */
class FullSizeTextTest {
  private static final Umt5Config SMALL = new Umt5Config(2000, 96, 128, 160, 4, 2, 32);

  @TempDir private Path dir;

  @Test
  void xxlHasTheReleasesTensors() {
    List<Shape> shapes = List.copyOf(SyntheticText.XXL.parameterShapes().asMap().values());
    assertThat(shapes).hasSize(242);
    assertThat(shapes.stream().mapToLong(Shape::elements).sum()).isEqualTo(5_680_910_336L);
  }

  @Test
  void aSyntheticEncoderEncodesInEitherFormatAndWeights() throws IOException {
    for (String name : List.of("text.pth", "text.safetensors")) {
      Path file = dir.resolve(name);
      new SyntheticText(SMALL).write(file);
      try (Checkpoint checkpoint = Checkpoints.open(file)) {
        new ExpectedTensors(SMALL.parameterShapes().asMap()).check(checkpoint);
        TensorInfo tokens = checkpoint.info("token_embedding.weight");
        assertThat(tokens.toString()).isEqualTo("token_embedding.weight BF16 [2000, 96]");
      }
      for (String weights : List.of("stored", "q8")) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        int status =
            Main.run(
                writer,
                writer,
                List.of(new FullSizeTextProvider()),
                "full-size-text",
                "--text-encoder",
                file.toString(),
                "--weights",
                weights,
                "--prompt",
                "a red ball");
        assertThat(status).as(out.toString()).isZero();
        assertThat(out.toString())
            .containsPattern("run 1: 4 tokens to \\[4, 96\\] in \\d+\\.\\d s")
            .contains("run 2: ");
      }
    }
  }
}
