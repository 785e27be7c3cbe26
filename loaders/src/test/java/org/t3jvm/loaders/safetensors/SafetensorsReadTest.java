package org.t3jvm.loaders.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading valid files, against a parse of the same bytes by a JSON tree. */
class SafetensorsReadTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"lora/lora.safetensors", "pth/expected.safetensors"})
  void everyTensorIsTheSliceThatTheHeaderNames(String name) throws IOException {
    Path path = TestFiles.resource(name);
    byte[] content = Files.readAllBytes(path);
    int headerBytes = (int) ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String text = new String(content, 8, headerBytes, StandardCharsets.UTF_8);
    JsonNode header = JsonMapper.builder().build().readTree(text);
    try (Checkpoint file = Checkpoints.open(path)) {
      int seen = 0;
      for (var property : header.properties()) {
        if (property.getKey().equals("__metadata__")) {
          continue;
        }
        seen++;
        Tensor tensor = file.tensor(property.getKey());
        JsonNode entry = property.getValue();
        assertThat(tensor.dtype().name()).isEqualTo(entry.get("dtype").asString());
        assertThat(tensor.shape().toString().replace(" ", ""))
            .isEqualTo(entry.get("shape").toString());
        int begin = 8 + headerBytes + entry.get("data_offsets").get(0).asInt();
        int end = 8 + headerBytes + entry.get("data_offsets").get(1).asInt();
        assertThat(TestFiles.bytes(tensor)).isEqualTo(Arrays.copyOfRange(content, begin, end));
        assertThat(tensor.segment().isMapped()).isTrue();
      }
      assertThat(file.entries()).hasSize(seen);
    }
  }

  @Test
  void offsetsNeedNoAlignmentAndOrderIsFree() throws IOException {
    String header =
        """
        {"z":{"dtype":"I64","shape":[1],"data_offsets":[1,9]},
         "__metadata__":{"a":"b"},
         "a":{"shape":[1],"data_offsets":[0,1],"dtype":"U8"}}\
        """
            + "      ";
    byte[] content = TestFiles.safetensorsBytes(header, 9);
    content[content.length - 9] = 7;
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(content.length - 8, -5L);
    Path path = Files.write(folder.resolve("odd"), content);
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.entries().keySet()).containsExactly("z", "a");
      assertThat(file.tensor("z").getLong(0)).isEqualTo(-5);
      assertThat(file.tensor("a").getLong(0)).isEqualTo(7);
      assertThat(file.metadata()).hasSize(1).containsEntry("a", "b");
    }
  }

  @Test
  void unsupportedTypesAreListedByNameAndRefusedByName() throws IOException {
    String header =
        """
        {"w":{"dtype":"F8_E8M0","shape":[2,3],"data_offsets":[0,6]},
         "x":{"dtype":"F4","shape":[4],"data_offsets":[6,8]},
         "v":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}\
        """;
    Path path = Files.write(folder.resolve("f8"), TestFiles.safetensorsBytes(header, 12));
    try (Checkpoint file = Checkpoints.open(path)) {
      TensorInfo info = new TensorInfo("w", StoredType.F8_E8M0, Shape.of(2, 3), 6);
      assertThat(file.entries()).containsEntry("w", info);
      assertThat(info.supported()).isFalse();
      assertThat(file.tensor("v")).hasToString("F32 []");
      TestFiles.failure(
          () -> file.tensor("w"),
          List.of(path.toString(), "'w'", "F8_E8M0", "not supported", "BF16"));
      TestFiles.failure(() -> file.tensor("u"), List.of(path.toString(), "no tensor 'u'", "3"));
    }
  }

  @Test
  void dataBeyondTwoGibibytesIsReached() throws IOException {
    long elements = 700_000_000;
    long bytes = 4 * elements;
    String header =
        """
        {"big":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]},\
        "end":{"dtype":"I64","shape":[1],"data_offsets":[%d,%d]}}\
        """
            .formatted(elements, bytes, bytes, bytes + 8);
    Path path = folder.resolve("big");
    byte[] start = TestFiles.safetensorsBytes(header, 0);
    try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
      sparse.write(start);
      sparse.seek(start.length + bytes - 4);
      sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(2.5f)));
      sparse.writeLong(Long.reverseBytes(1L << 50));
    }
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.tensor("big").getDouble(elements - 1)).isEqualTo(2.5);
      assertThat(file.tensor("big").getDouble(elements - 2)).isZero();
      assertThat(file.tensor("end").getLong(0)).isEqualTo(1L << 50);
    }
  }

  @Test
  void aClosedFileFailsInsteadOfReachingUnmappedMemory() throws IOException {
    Path path = TestFiles.safetensors(folder.resolve("closed"), TestFiles.everyKind(3));
    Checkpoint file = Checkpoints.open(path);
    Tensor tensor = file.tensor(file.entries().keySet().iterator().next());
    file.close();
    file.close();
    assertThatThrownBy(() -> tensor.getDouble(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> file.tensor("anything"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(path.toString());
  }

  @Test
  void theWriterPutsWiderTypesFirstAndPadsTheHeader() throws IOException {
    Path path = TestFiles.safetensors(folder.resolve("order"), TestFiles.everyKind(4));
    byte[] content = Files.readAllBytes(path);
    long headerBytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(headerBytes % 8).isZero();
    try (Checkpoint file = Checkpoints.open(path)) {
      long base = file.tensor(file.entries().keySet().iterator().next()).segment().address();
      for (String name : file.entries().keySet()) {
        Tensor tensor = file.tensor(name);
        DType dtype = tensor.dtype();
        if (tensor.byteSize() > 0) {
          assertThat((tensor.segment().address() - base) % dtype.byteSize()).as(name).isZero();
        }
      }
    }
  }
}
