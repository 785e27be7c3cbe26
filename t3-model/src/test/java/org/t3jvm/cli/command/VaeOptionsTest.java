package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.embedded.EmbeddedModel;

/** {@code --vae exact|tiled} beside {@code --vae FILE}, on the embedded model. */
class VaeOptionsTest {
  @TempDir Path dir;

  private record Result(int status, String out, String err) {}

  private static Result t3(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Result(status, out.toString(), err.toString());
  }

  private Result generate(String name, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--prompt", "a red ball"));
    args.addAll(List.of("--steps", "1", "--height", "64", "--width", "96", "--frames", "5"));
    args.addAll(List.of("--attention", "full", "--out", dir + "/" + name));
    args.addAll(List.of(more));
    Result result = t3(args.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  private byte[] video(String name) throws IOException {
    return Files.readAllBytes(dir.resolve(name));
  }

  @Test
  void aFileMayBeGivenBesideTiles() throws IOException {
    try (EmbeddedModel embedded = EmbeddedModel.open()) {
      Path vae = embedded.folder().resolve("Wan2.1_VAE.pth");
      String[] model = {"--model", embedded.folder().toString(), "--vae", vae.toString()};
      Result tiled =
          generate(
              "tiled.mp4",
              model[0],
              model[1],
              model[2],
              model[3],
              "--vae",
              "tiled:5x6/3x4",
              "--keep-state");
      assertThat(tiled.err()).contains("VAE in tiles of 5x6/3x4", "(in tiles of 5x6/3x4)");
      generate("mode.mp4", model[0], model[1], model[2], model[3], "--vae-mode=tiled:5x6/3x4");
      assertThat(video("mode.mp4")).isEqualTo(video("tiled.mp4"));
      Result told = t3("inspect", dir.resolve("tiled.mp4").toString());
      assertThat(told.out()).contains("in tiles of 5x6/3x4", "--vae-mode", "--vae " + vae);

      generate("exact.mp4", model);
      String state = dir.resolve("tiled.mp4.t3state").toString();
      String again = dir.resolve("again.mp4").toString();
      Result decoded = t3("decode", state, "--vae", "exact", "--out", again);
      assertThat(decoded.status()).as(decoded.err()).isZero();
      byte[] other = Files.readAllBytes(Path.of(again));
      assertThat(other).isNotEqualTo(video("tiled.mp4"));
      assertThat(t3("inspect", again).out()).doesNotContain("in tiles").contains("--vae " + vae);
    }
  }

  @Test
  void oneTileOfAllIsTheWholePlane() throws IOException {
    Result tiled = generate("tiled/", "--vae", "tiled");
    assertThat(tiled.err()).contains("VAE in tiles of 30x52/15x26");
    generate("exact/", "--vae", "exact");
    for (int frame = 0; frame < 5; frame++) {
      String name = "frame_%05d.png".formatted(frame);
      assertThat(video("tiled/" + name)).as(name).isEqualTo(video("exact/" + name));
    }
  }

  @Test
  void planCountsTheTiles() {
    String[] plan = {
      "plan",
      "--preset",
      "wan2.1-t2v-1.3b",
      "--attention",
      "t3",
      "--memory",
      "100g",
      "--vae",
      "tiled"
    };
    Result tiled = t3(plan);
    assertThat(tiled.out())
        .as(tiled.err())
        .contains("in tiles of 68x120/34x60", "8.1 GB")
        .containsPattern("decoding 1[78],\\d\\d\\d TFLOP\n");
  }

  @Test
  void refusesWhatIsNoMode() {
    for (String value : List.of("tiled:5x6", "tiled:5x6/5x6", "tiled:")) {
      Result result = t3("generate", "--prompt", "x", "--vae", value);
      assertThat(result.status()).as(value).isEqualTo(2);
      assertThat(result.err()).contains("--vae-mode " + value);
    }
    assertThat(t3("generate", "--prompt", "x", "--vae-mode", "other").err())
        .contains("--vae-mode is 'other', must be exact, tiled or tiled with sizes");
  }
}
