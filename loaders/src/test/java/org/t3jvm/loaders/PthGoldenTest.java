package org.t3jvm.loaders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Tensor;

/** Files that torch wrote, compared bit for bit with what torch read from them. */
class PthGoldenTest {

  @ParameterizedTest
  @CsvSource({
    "plain_dict, plain.",
    "wrapped_model_state, plain.",
    "module_state_dict_with_metadata, module.",
    "parameters, module.",
    "shared_storage_views, view."
  })
  void tensorsEqualThoseThatTorchRead(String file, String prefix) throws IOException {
    try (Checkpoint expected = Checkpoints.open(TestFiles.resource("pth/expected.safetensors"));
        Checkpoint actual = Checkpoints.open(TestFiles.resource("pth/" + file + ".pth"))) {
      Map<String, Tensor> wanted = new LinkedHashMap<>();
      for (String name : expected.entries().keySet()) {
        if (name.startsWith(prefix)) {
          wanted.put(name.substring(prefix.length()), expected.tensor(name));
        }
      }
      assertThat(actual.entries().keySet()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
      for (var entry : wanted.entrySet()) {
        Tensor tensor = actual.tensor(entry.getKey());
        Tensor want = entry.getValue();
        assertThat(tensor).as(entry.getKey()).hasToString(want.toString());
        assertThat(TestFiles.bytes(tensor)).as(entry.getKey()).isEqualTo(TestFiles.bytes(want));
        TensorInfo info = actual.entries().get(entry.getKey());
        assertThat(info).isEqualTo(TensorInfo.of(entry.getKey(), want));
      }
    }
  }

  @Test
  void valuesBesideTheTensorsAreMetadata() throws IOException {
    try (Checkpoint file = Checkpoints.open(TestFiles.resource("pth/wrapped_model_state.pth"))) {
      assertThat(file.metadata())
          .containsExactlyInAnyOrderEntriesOf(Map.of("step", "5", "note", "text", "lr", "0.5"));
    }
  }

  @Test
  void onlyViewsThatAreNotDenseAreCopied() throws IOException {
    try (Checkpoint file = Checkpoints.open(TestFiles.resource("pth/shared_storage_views.pth"))) {
      assertThat(file.tensor("whole").segment().isMapped()).isTrue();
      assertThat(file.tensor("view_offset").segment().isMapped()).isTrue();
      assertThat(file.tensor("transposed").segment().isMapped()).isFalse();
      assertThat(file.tensor("strided").segment().isMapped()).isFalse();
      assertThat(file.tensor("strided")).isSameAs(file.tensor("strided"));
      long shared = file.tensor("whole").segment().address();
      assertThat(file.tensor("view_offset").segment().address()).isGreaterThan(shared);
    }
  }
}
