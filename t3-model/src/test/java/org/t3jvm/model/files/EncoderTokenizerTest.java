package org.t3jvm.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.layout.Part;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The tokenizer inside of an encoder's file, as ComfyUI shares it. */
class EncoderTokenizerTest {
  @TempDir Path dir;

  private final Path spiece = FixtureSet.bundled().named("tokenizer").path("/spiece.model");

  private Path encoder(byte[] tokenizer) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("token_embedding.weight", Tensor.ofFloats(Shape.of(1, 1), 1));
    tensors.put("blocks.0.attn.q.weight", Tensor.ofFloats(Shape.of(1, 1), 1));
    Tensor bytes = Tensor.allocate(DType.U8, Shape.of(tokenizer.length));
    bytes.segment().copyFrom(MemorySegment.ofArray(tokenizer));
    tensors.put("spiece_model", bytes);
    Path file = dir.resolve("umt5.safetensors");
    SafetensorsWriter.write(
        file,
        tensors.entrySet().stream().map(e -> TensorInfo.of(e.getKey(), e.getValue())).toList(),
        name -> Objects.requireNonNull(tensors.get(name)),
        Map.of());
    return file;
  }

  @Test
  void itIsFoundAndReadsTextAsItsFileDoes() throws IOException {
    Path encoder = encoder(Files.readAllBytes(spiece));
    Path other = dir.resolve("other.safetensors");
    ModelFiles files =
        ModelFiles.find(new ModelSource(null, other, null, null, encoder, other, null));
    assertThat(files.tokenizer()).isEqualTo(encoder);
    String text = "a red ball rolls over green grass";
    assertThat(EncoderTokenizer.load(encoder).encode(text, 512))
        .isEqualTo(Tokenizer.load(spiece).encode(text, 512));
  }

  @Test
  void itIsNoTensorOfTheEncoder() throws IOException {
    try (Checkpoint file = Checkpoints.open(encoder(Files.readAllBytes(spiece)))) {
      assertThat(Part.TEXT_ENCODER.of(file).entries().keySet())
          .containsExactlyInAnyOrder("token_embedding.weight", "blocks.0.attn.q.weight");
    }
  }

  @Test
  void bytesThatAreNoneAreNamed() throws IOException {
    Path encoder = encoder(new byte[] {1, 2, 3});
    assertThatThrownBy(() -> EncoderTokenizer.load(encoder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(encoder + ": tensor 'spiece_model' is no tokenizer");
  }
}
