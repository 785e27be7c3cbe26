package org.t3jvm.loaders.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Telling formats apart, shards, unions and overlays. */
class CheckpointsTest {
  @TempDir Path folder;

  @Test
  void theContentDecidesNotTheExtension() throws IOException {
    Map<String, Tensor> tensors = Map.of("w", Tensor.ofFloats(Shape.of(2), 1, 2));
    Path pth = TestFiles.pth(folder.resolve("named.safetensors"), tensors);
    Path safetensors = TestFiles.safetensors(folder.resolve("named.pth"), tensors);
    for (Path path : List.of(pth, safetensors)) {
      try (Checkpoint file = Checkpoints.open(path)) {
        assertThat(file.tensor("w").toFloats()).containsExactly(1, 2);
        assertThat(file.description()).isEqualTo(path.toString());
      }
    }
  }

  @Test
  void aHeaderWhoseLengthIsAnOpeningBraceIsNoJson() throws IOException {
    String header = "{}" + " ".repeat('{' + 256 - 2);
    assertThat(header.length() & 0xFF).isEqualTo('{');
    Path path = Files.write(folder.resolve("brace"), TestFiles.safetensorsBytes(header, 0));
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.entries()).isEmpty();
    }
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("none.pth");
    assertThat(TestFiles.failure(missing)).isEqualTo(missing + ": no such file");
    assertThat(TestFiles.failure(folder)).startsWith(folder + ": is a folder");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe.safetensors");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(TestFiles.failure(pipe)).startsWith(pipe + ": is no regular file");
  }

  @Test
  void anIndexOpensItsShards() throws IOException {
    Path index = shards("{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}");
    try (Checkpoint set = Checkpoints.open(index)) {
      assertThat(set.entries().keySet()).containsExactly("a", "b");
      assertThat(set.tensor("b").toFloats()).containsExactly(2, 3);
      assertThat(set.info("a").shape()).isEqualTo(Shape.of(1));
      assertThat(set.description()).isEqualTo(index.toString());
    }
  }

  @Test
  void closingASetClosesItsShards() throws IOException {
    Path index = shards("{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}");
    Tensor tensor;
    try (Checkpoint set = Checkpoints.open(index)) {
      tensor = set.tensor("a");
    }
    assertThatThrownBy(() -> tensor.getDouble(0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':'1.safetensors','b':'3.safetensors'} | 1 shards are missing beside it: 3.safetensors",
        "{'a':'1.safetensors','b':'1.safetensors'} | 1 tensors not in their shard (b (1.safe",
        "{'a':'1.safetensors','a':'2.safetensors'} | has tensor 'a' twice",
        "{'a':'1.safetensors','b':'2.safetensors','c':'2.safetensors'} | (c (2.safetensors))",
        "{'a':'2.safetensors'} | 1 not in the index (b)",
        "{'a':'../1.safetensors'} | must be a file beside the index",
        "{'a':'/etc/passwd'} | must be a file beside the index",
        "{'a':'..'} | must be a file beside the index",
        "{'a':''} | must be a file beside the index",
        "{'a':'x.index.json'} | not weights",
        "{'a':7} | gives 'a' no file name",
        "[] | must have one weight_map",
      })
  void badIndexesAreRefused(String weightMap, String message) throws IOException {
    Path index = shards(weightMap.replace('\'', '"'));
    String failure = TestFiles.failure(() -> Checkpoints.open(index), List.of(message));
    assertThat(failure).startsWith(folder.toString());
  }

  private Path shards(String weightMap) throws IOException {
    TestFiles.safetensors(
        folder.resolve("1.safetensors"), Map.of("a", Tensor.ofFloats(Shape.of(1), 1)));
    TestFiles.safetensors(
        folder.resolve("2.safetensors"), Map.of("b", Tensor.ofFloats(Shape.of(2), 2, 3)));
    String json = "{\"metadata\":{\"total_size\":12},\"weight_map\":%s}".formatted(weightMap);
    return Files.writeString(folder.resolve("x.index.json"), json);
  }

  @Test
  void severalFilesAreOneCheckpoint() throws IOException {
    Path one = TestFiles.safetensors(folder.resolve("one"), Map.of("a", scalar(1)));
    Path two = TestFiles.pth(folder.resolve("two"), Map.of("b", scalar(2)));
    try (Checkpoint union = Checkpoints.open(List.of(one, two), 1)) {
      assertThat(union.entries().keySet()).containsExactly("a", "b");
      assertThat(union.tensor("b").getDouble(0)).isEqualTo(2);
      TestFiles.failure(() -> union.tensor("c"), List.of("no tensor 'c'", one.toString()));
    }
    Path three = TestFiles.pth(folder.resolve("three"), Map.of("a", scalar(3)));
    TestFiles.failure(
        () -> Checkpoints.open(List.of(one, two, three), 1),
        List.of("1 tensors are in more than one file", "a (" + one + ", " + three + ")"));
  }

  @Test
  void anOverlayReplacesByName() throws IOException {
    Map<String, Tensor> below = Map.of("a", scalar(1), "b", scalar(2));
    Map<String, Tensor> above = Map.of("b", scalar(3).to(DType.BF16));
    Checkpoint base = Checkpoints.open(TestFiles.safetensors(folder.resolve("base"), below));
    Checkpoint top = Checkpoints.open(TestFiles.pth(folder.resolve("top"), above));
    try (Checkpoint both = Checkpoints.overlay(base, top)) {
      assertThat(both.entries().keySet()).containsExactlyElementsOf(base.entries().keySet());
      assertThat(both.tensor("a").getDouble(0)).isEqualTo(1);
      assertThat(both.tensor("b").getDouble(0)).isEqualTo(3);
      assertThat(both.info("b").type()).isEqualTo(StoredType.BF16);
    }
  }

  @Test
  void anOverlayNamesEverythingThatDoesNotFit() throws IOException {
    Map<String, Tensor> below = Map.of("a", scalar(1), "b", scalar(2));
    Map<String, Tensor> above =
        Map.of("b", Tensor.ofFloats(Shape.of(2), 1, 2), "c", scalar(0), "d", scalar(0));
    try (Checkpoint base = Checkpoints.open(TestFiles.pth(folder.resolve("base"), below));
        Checkpoint top = Checkpoints.open(TestFiles.pth(folder.resolve("top"), above))) {
      TestFiles.failure(
          () -> Checkpoints.overlay(base, top),
          List.of("2 unexpected", "c []", "d []", "1 of another shape", "b is [2], should be []"));
    }
  }

  private static Tensor scalar(float value) {
    return Tensor.ofFloats(Shape.of(), value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1#oid sha256:4f#size 28 | is a Git LFS pointer, "
            + "not the weights; t3 pull REPO gets them",
        "#<!doctype html>#<html><title>Sign in</title> | is a web page, not weights: "
            + "'<!doctype html> <html><title>Sign in</title>'",
        "{\"error\":\"Access to model is restricted.\"} | is a server's message, not weights: "
            + "'{\"error\":\"Access to model is restricted.\"}'",
        "Invalid username or password. | is text, such as a server's message, not weights: "
            + "'Invalid username or password.'",
        "{\"num_heads\": 4} | has no weight_map"
      })
  void whatADownloadLeftInPlaceOfWeightsIsNamed(String content, String message) {
    byte[] bytes = content.replace('#', '\n').getBytes(StandardCharsets.UTF_8);
    assertThat(TestFiles.failure(folder.resolve("dit.safetensors"), bytes)).contains(message);
  }

  /** A header of 640 bytes begins with 0x80 0x02, as a pickle does. */
  @Test
  void noLengthOfAHeaderLooksLikeAnotherFormat() throws IOException {
    for (int length = 600; length < 1500; length += 8) {
      byte[] content = TestFiles.safetensorsBytes("{}".concat(" ".repeat(length - 2)), 0);
      Checkpoints.open(Files.write(folder.resolve("any"), content)).close();
    }
  }
}
