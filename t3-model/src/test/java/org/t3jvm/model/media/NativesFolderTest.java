package org.t3jvm.model.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Natives are unpacked where no other account can put a library first. */
@DisabledOnOs(OS.WINDOWS)
class NativesFolderTest {
  @TempDir Path temp;

  @Test
  void aNewFolderIsTheUsersAlone() throws IOException {
    Path folder = NativesFolder.find(List.of(temp.resolve("caches/t3jvm/natives")));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(NativesFolder.find(List.of(folder))).isEqualTo(folder);
  }

  @Test
  void aFolderThatOthersReachIsPassedOver() throws IOException {
    Path open = Files.createDirectory(temp.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path link =
        Files.createSymbolicLink(
            temp.resolve("link"), Files.createDirectory(temp.resolve("target")));
    Path beneath = open.resolve("natives");
    Path safe = temp.resolve("safe");
    assertThat(NativesFolder.find(List.of(open, link, beneath, safe))).isEqualTo(safe.toRealPath());
    assertThatThrownBy(() -> NativesFolder.find(List.of(open, link, beneath)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "there is no safe folder to unpack native libraries in: %s is open to other users (it"
                + " must have mode 700), %s is no folder, %s can be replaced, as others can write"
                + " %s; set XDG_CACHE_HOME to a folder of your own",
            open, link, beneath, open.toRealPath());
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> NativesFolder.find(List.of(file.resolve("natives"))))
        .hasMessageContaining(file.resolve("natives") + " cannot be written");
  }
}
