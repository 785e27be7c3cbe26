package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.cli.Main;

/** Step caches on the embedded model, as a user asks for them. */
@Tag("slow")
class StepCacheCommandTest {
  @TempDir Path dir;

  private record Result(int status, String out, String err) {}

  private static Result t3(List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    return new Result(status, out.toString(), err.toString());
  }

  private static List<String> small(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--prompt", "a red ball"));
    args.addAll(List.of("--attention", "full", "--height", "32", "--width", "48"));
    args.addAll(List.of("--frames", "5", "--steps", "6"));
    args.addAll(List.of(more));
    return args;
  }

  private byte[] video(String name, String... more) throws IOException {
    List<String> args = small("generate", "--out", dir.resolve(name).toString());
    args.addAll(List.of(more));
    Result result = t3(args);
    assertThat(result.status()).as(result.err()).isZero();
    return Files.readAllBytes(dir.resolve(name));
  }

  @Test
  void aCacheIsToldOfAndPartOfTheSettings() throws IOException {
    List<String> args = small("generate", "--out", dir.resolve("a.mp4").toString());
    args.addAll(List.of("--cache", "teacache:1000", "--keep-state"));
    Result result = t3(args);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("teacache:1000", "denoise: 4 of 6 steps from the cache");
    String told = t3(List.of("inspect", dir.resolve("a.mp4").toString())).out();
    assertThat(told).contains("cache      teacache:1000.0", "--cache teacache:1000");
    byte[] whole = Files.readAllBytes(dir.resolve("a.mp4"));
    Files.delete(dir.resolve("a.mp4"));
    Result resumed = t3(List.of("resume", dir.resolve("a.mp4.t3state").toString()));
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(dir.resolve("a.mp4")).hasBinaryContent(whole);
    assertThat(video("plain.mp4")).isNotEqualTo(whole);
  }

  @Test
  void planMeasuresBothKindsOrTheOneAskedFor() {
    Result both = t3(small("plan", "--measure"));
    assertThat(both.status()).as(both.err()).isZero();
    assertThat(both.out().lines().filter(line -> line.startsWith("step cache")))
        .hasSize(2)
        .anyMatch(line -> line.contains("teacache:0.05: ") && line.contains(" of 6 steps left out"))
        .anyMatch(line -> line.contains("easycache:0.05: ") && line.contains("latents differ by "));
    Result one = t3(small("plan", "--measure", "--cache", "easycache:0"));
    assertThat(one.out().lines().filter(line -> line.startsWith("step cache")))
        .singleElement()
        .asString()
        .contains("easycache:0.0: 0 of 6 steps left out, latents differ by 0.00 %");
    Result preset = t3(List.of("plan", "--measure", "--preset", "wan2.1-t2v-1.3b"));
    assertThat(preset.status()).isEqualTo(2);
    assertThat(preset.err()).contains("--preset has no weights");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tea", "teacache:-1", "easycache:"})
  void wrongCachesAreWrongUsage(String cache) {
    Result result = t3(small("generate", "--cache", cache));
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err().strip().lines())
        .singleElement()
        .asString()
        .contains("'" + cache + "' is no step cache, must be like");
  }
}
