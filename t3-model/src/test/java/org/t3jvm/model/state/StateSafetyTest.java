package org.t3jvm.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.json.RecordJson;

/** A state from somebody else reaches no file outside its folder, however it is sealed. */
class StateSafetyTest {
  private static final byte[] FRAME = new byte[30];

  @TempDir Path dir;
  private Path folder = Path.of("");
  private Path victim = Path.of("");

  @BeforeEach
  void make() throws IOException {
    folder = Files.createDirectory(dir.resolve("video.mp4.t3state"));
    victim = Files.writeString(dir.resolve("victim.txt"), "precious");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    for (String name : List.of(FolderLock.NAME, FrameStore.NAME, StateIndexFile.NAME)) {
      Files.createSymbolicLink(folder.resolve(name), victim);
    }
    String refusal = " is no plain file, as those of a state are";
    assertThatThrownBy(() -> FolderLock.take(folder)).hasMessage(folder + ": lock" + refusal);
    assertThatThrownBy(() -> new FrameStore(folder, 0, 0))
        .hasMessage(folder + ": frames.bin" + refusal);
    assertThatThrownBy(() -> StateIndexFile.read(folder, "0"))
        .hasMessage(folder + ": state.json" + refusal);
    assertThat(victim).hasContent("precious");
    Path missing = dir.resolve("missing");
    Files.delete(folder.resolve(FolderLock.NAME));
    Files.createSymbolicLink(folder.resolve(FolderLock.NAME), missing);
    assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(IOException.class);
    assertThat(missing).doesNotExist();
  }

  @Test
  void namesLeadNowhereElse() {
    for (String name :
        List.of("../victim.txt", "/etc/passwd", "victim.txt", "latents-1.safetensors/..")) {
      assertThatThrownBy(() -> new StoredFile(name, 8, "0"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"format\":2,\"settings\":{\"record\":{\"t3\":\"0\"}}}",
        "{\"format\":2,\"settings\":{\"record\":{\"t3\":\"0\"},\"steps\":1},\"step\":-1}",
        "{\"format\":2,\"settings\":{\"record\":{\"t3\":\"0\"},\"steps\":1e99}}",
        "{\"format\":2,\"settings\":{\"record\":{\"t3\":\"0\"}},\"frames\":{\"count\":-5,\"bytes\":-1}}",
        "{\"format\":2,\"settings\":{\"record\":{\"t3\":\"0\"}},\"latents\":{\"name\":\"../x\",\"bytes\":1,\"sha256\":\"\"}}"
      })
  void sealedNumbersThatCannotBeAreOneLine(String json) throws IOException {
    writeSealed(json);
    assertThatThrownBy(() -> StateIndexFile.read(folder, "0"))
        .isInstanceOf(IOException.class)
        .message()
        .startsWith(folder + ": ")
        .endsWith("state.json is no state of a run");
  }

  @Test
  void aSealedStateWithoutFramesIsNone() throws IOException {
    String json = RecordJson.mapper().writeValueAsString(StateIndex.begun(KeptRun.settings()));
    writeSealed(json);
    StateIndex whole = StateIndexFile.read(folder, KeptRun.settings().record().t3());
    assertThat(whole.frames()).isEqualTo(StateIndex.Decoded.NONE);
    String frames = json.substring(json.lastIndexOf(",\"frames\":"), json.length() - 1);
    writeSealed(json.replace(frames, ",\"frames\":null"));
    assertThatThrownBy(() -> StateIndexFile.read(folder, KeptRun.settings().record().t3()))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": state.json is no state of a run");
  }

  private void writeSealed(String json) throws IOException {
    String open = json.substring(0, json.length() - 1);
    String seal = Digest.sha256(open.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        folder.resolve(StateIndexFile.NAME), open + ",\"sha256\":\"" + seal + "\"}\n");
  }

  /** The layout of versions that recorded a command's arguments in place of a job. */
  @Test
  void aStateOfFormatOneIsFinishedByTheVersionThatMadeIt() throws IOException {
    writeSealed(
        "{\"format\":1,\"settings\":{\"record\":{\"t3\":\"0.1.0\",\"prompt\":\"a"
            + " fox\",\"arguments\":[\"--prompt\",\"a fox\"]},\"steps\":4},\"settingsHash\":\"0\","
            + "\"step\":2,\"latents\":null,\"frames\":{\"count\":0,\"bytes\":0,\"latentFrames\":0}}");
    assertThatThrownBy(() -> StateIndexFile.read(folder, "0.1.0"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder
                + ": the state is from another version, t3 0.1.0 in format 1, and this is t3 0.1.0"
                + " with format 2; finish it with resume of the version that made it");
  }

  @Test
  void framesAreLookedAtBeforeAnythingIsCutOff() throws IOException {
    long bytes;
    try (FrameStore store = new FrameStore(folder, 0, 0)) {
      store.append(List.of(FRAME, FRAME));
      bytes = store.bytes();
    }
    Path file = folder.resolve(FrameStore.NAME);
    byte[] whole = Files.readAllBytes(file);
    for (int at : new int[] {0, 4, 8, 12}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x7f;
      Files.write(file, damaged);
      assertThatThrownBy(() -> new FrameStore(folder, 1, bytes / 2))
          .as("byte %d", at)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the state is damaged");
      assertThat(Files.readAllBytes(file)).as("byte %d", at).isEqualTo(damaged);
    }
  }
}
