package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.cli.Main;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.golden.FixtureSet;

/** {@code t3 convert} as a user runs it. */
class ConvertCommandTest {
  private static final FixtureSet SET = FixtureSet.bundled();

  @TempDir Path dir;

  private record Result(int status, String out, String err) {}

  private static Result t3(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Stream.of(args).map(Object::toString).toArray(String[]::new);
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Result(status, out.toString(), err.toString());
  }

  private static void succeeds(Object... args) {
    Result result = t3(args);
    assertThat(result.status()).as("%s: %s", List.of(args), result.err()).isZero();
    assertThat(result.out()).startsWith("wrote ").hasLineCount(1);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertSameBits(Path actual, Path expected) throws IOException {
    try (Checkpoint a = Checkpoints.open(actual);
        Checkpoint b = Checkpoints.open(expected)) {
      assertThat(a.entries().keySet()).containsExactlyInAnyOrderElementsOf(b.entries().keySet());
      for (TensorInfo info : b.entries().values()) {
        assertThat(a.info(info.name())).isEqualTo(info);
        assertThat(a.tensor(info.name()).segment().mismatch(b.tensor(info.name()).segment()))
            .as(info.toString())
            .isEqualTo(-1);
      }
    }
  }

  static List<Path> everyPart() {
    return List.of(
        SET.named("dit13").weights(false),
        SET.named("dit5b").weights(false),
        SET.named("dit5b").weights(true),
        SET.named("t5").weights(false),
        SET.named("t5").weights(true),
        SET.named("vae21").path(".pth"),
        SET.named("vae22").path(".pth"));
  }

  @ParameterizedTest
  @MethodSource("everyPart")
  void toOtherNamesAndBackKeepsEveryBit(Path original) throws IOException {
    Path first = dir.resolve("first.safetensors");
    Path there = dir.resolve("there.safetensors");
    Path back = dir.resolve("back.safetensors");
    succeeds("convert", original, first, "--names", "original");
    succeeds("convert", first, there, "--names", "diffusers", "--shard-size", "150k");
    Path index = dir.resolve("there.safetensors.index.json");
    assertThat(index).exists();
    try (Checkpoint shards = Checkpoints.open(index)) {
      assertThat(shards.entries().keySet()).doesNotContain("blocks.0.self_attn.q.weight");
    }
    succeeds("convert", index, back, "--names", "original");
    assertSameBits(back, first);
    if (!original.toString().contains("diffusers")) {
      assertSameBits(back, original);
    }
  }

  @ParameterizedTest
  @MethodSource("everyPart")
  void withoutOptionsEveryTensorStays(Path original) throws IOException {
    Path copy = dir.resolve("copy.safetensors");
    succeeds("convert", original, copy);
    assertSameBits(copy, original);
  }

  @Test
  void aFolderOfShardsIsOneCheckpoint() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("shards"));
    Path original = SET.named("dit13").weights(false);
    succeeds("convert", original, folder.resolve("dit.safetensors"), "--shard-size", "400k");
    Path whole = dir.resolve("whole.safetensors");
    succeeds("convert", folder, whole);
    assertSameBits(whole, original);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.size(file)).isLessThan(430_000);
      }
    }
    Files.delete(folder.resolve("dit.safetensors.index.json"));
    succeeds("convert", folder, whole, "--force");
    assertSameBits(whole, original);
  }

  @Test
  void floatsTakeTheTypeThatIsAskedFor() throws IOException {
    Path bf16 = dir.resolve("bf16.safetensors");
    succeeds("convert", SET.named("dit13").weights(false), bf16, "--dtype", "bf16");
    assertSameBits(bf16, SET.named("dit13").weights(true));
    Path f32 = dir.resolve("f32.safetensors");
    succeeds("convert", bf16, f32, "--dtype", "F32");
    try (Checkpoint wide = Checkpoints.open(f32);
        Checkpoint narrow = Checkpoints.open(bf16)) {
      for (TensorInfo info : wide.entries().values()) {
        assertThat(info.type()).isEqualTo(StoredType.F32);
        assertThat(wide.tensor(info.name()).toFloats())
            .containsExactly(narrow.tensor(info.name()).toFloats());
      }
    }
  }

  @Test
  void quantisedFilesCanBeLookedAtAndComparedAndStayAsTheyAre() throws IOException {
    Path q8 = dir.resolve("q8.safetensors");
    for (boolean bf16 : new boolean[] {true, false}) {
      succeeds("convert", SET.named("dit5b").weights(bf16), q8, "--dtype", "q8", "--force");
      try (Checkpoint made = Checkpoints.open(q8)) {
        assertThat(made.info("blocks.0.ffn.0.weight").type()).isEqualTo(StoredType.I8);
        assertThat(made.info("blocks.0.ffn.0.weight.q8_scale").type()).isEqualTo(StoredType.F32);
        assertThat(made.info("head.head.weight").type()).isNotEqualTo(StoredType.I8);
      }
    }
    assertThat(t3("inspect", q8).out())
        .contains("DiT, ", "weights as int8, with an F32 scale for each 64 of a row");
    Result compared = t3("inspect", SET.named("dit5b").weights(false), "--compare", q8);
    assertThat(compared.status()).as(compared.err()).isZero();
    assertThat(compared.out())
        .contains("max abs", "relative RMS", "blocks.*.self_attn.q.weight")
        .doesNotContain("is not in");
    Path again = dir.resolve("again.safetensors");
    succeeds("convert", q8, again, "--dtype", "q8");
    assertSameBits(again, q8);
    succeeds("convert", q8, again, "--dtype", "bf16", "--force");
    try (Checkpoint made = Checkpoints.open(again)) {
      assertThat(made.info("blocks.0.ffn.0.weight.q8_scale").type()).isEqualTo(StoredType.F32);
      assertThat(made.info("head.head.weight").type()).isEqualTo(StoredType.BF16);
    }
    Result other = t3("inspect", SET.named("vae21").path(".pth"), "--compare", q8);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err().strip())
        .startsWith("t3: the checkpoints have no tensor of the same name and shape")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IN none.pth | out.safetensors | | 1 | none.pth: no such file",
        "IN dit | out.pth | | 2 | out.pth' must end with .safetensors",
        "IN dit | out.safetensors | --dtype q4 | 2 | 'q4'",
        "IN dit | out.safetensors | --dtype q8 --names diffusers | 2 | writes original names",
        "IN vae | out.safetensors | --dtype q8 | 1 | has no weights to quantise: q8 is for a DiT",
        "IN dit | out.safetensors | --shard-size 5x | 2 | --shard-size is '5x', must be bytes",
        "IN dit | out.safetensors | --shard-size 0 | 2 | --shard-size is '0', must be bytes",
        "IN io | out.safetensors | --names original | 1 | holds none of the known parts",
        "IN dit | taken.safetensors | | 2 | taken.safetensors' exists; give another name or"
            + " --force",
        "IN dit | none/out.safetensors | | 1 | there is no folder",
        "IN empty | out.safetensors | | 1 | holds 0 checkpoints; give one file, index or folder",
        "IN two | out.safetensors | | 1 | holds 2 checkpoints: a.safetensors, b.safetensors"
      })
  void badInputIsOneLineAndNothingIsWritten(
      String in, String out, String options, int status, String message) throws IOException {
    Path dit = SET.named("dit13").weights(false);
    Files.writeString(dir.resolve("taken.safetensors"), "mine");
    Files.createDirectory(dir.resolve("empty"));
    Path two = Files.createDirectory(dir.resolve("two"));
    Files.copy(dit, two.resolve("a.safetensors"));
    Files.copy(dit, two.resolve("b.safetensors"));
    List<String> before = left();
    Path from =
        switch (in) {
          case "IN dit" -> dit;
          case "IN vae" -> SET.named("vae21").path(".pth");
          case "IN io" -> SET.named("dit13").path("/io.safetensors");
          default -> dir.resolve(in.substring(3));
        };
    Object[] args =
        Stream.concat(
                Stream.of("convert", from, dir.resolve(out)),
                options == null ? Stream.of() : Stream.of(options.split(" ", -1)))
            .toArray();
    Result result = t3(args);
    assertThat(result.err().strip()).startsWith("t3: ").contains(message).hasLineCount(1);
    assertThat(result.status()).isEqualTo(status);
    assertThat(left()).isEqualTo(before);
    assertThat(dir.resolve("taken.safetensors")).hasContent("mine");
  }
}
