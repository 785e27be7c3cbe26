package org.t3jvm.loaders.pth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Tensor;

/** The written bytes against torch's own files and the JDK's zip reader. */
class PthWriterTest {
  @TempDir Path folder;

  @Test
  void thePickleIsTheOneThatTorchWrites() throws IOException {
    Path original = TestFiles.resource("pth/plain_dict.pth");
    Path copy = folder.resolve("copy.pth");
    try (Checkpoint file = Checkpoints.open(original)) {
      PthWriter.write(copy, file.entries().values(), file);
    }
    try (ZipFile ours = new ZipFile(copy.toFile());
        ZipFile theirs = new ZipFile(original.toFile())) {
      assertThat(entry(ours, "data.pkl")).isEqualTo(entry(theirs, "data.pkl"));
      for (ZipEntry each : Collections.list(theirs.entries())) {
        String part = each.getName().substring(each.getName().indexOf('/') + 1);
        assertThat(entry(ours, part)).as(part).isEqualTo(entry(theirs, part));
      }
    }
  }

  @Test
  void entriesAreAlignedAndTheirChecksumsRight() throws IOException {
    Path path = TestFiles.pth(folder.resolve("aligned.pth"), TestFiles.everyKind(11));
    try (MappedFile file = MappedFile.open(path)) {
      for (ZipDirectory.Entry entry : ZipDirectory.read(file).values()) {
        assertThat(entry.offset() % 64).as(entry.name()).isZero();
      }
    }
    requireReadableByTheJdk(path);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 40, 3000})
  void zip64RecordsAreReadBack(long wideFrom) throws IOException {
    Map<String, Tensor> tensors = TestFiles.everyKind(12);
    Path path = folder.resolve("wide.pth");
    try (AtomicFile file = AtomicFile.create(path)) {
      ZipWriter zip = new ZipWriter(file, wideFrom);
      PthWriter.write(zip, path, TestFiles.layout(tensors), TestFiles.source(tensors));
      file.commit();
    }
    requireReadableByTheJdk(path);
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.entries()).hasSize(tensors.size());
      for (var entry : tensors.entrySet()) {
        byte[] bytes = TestFiles.bytes(file.tensor(entry.getKey()));
        assertThat(bytes).isEqualTo(TestFiles.bytes(entry.getValue()));
      }
    }
  }

  private static void requireReadableByTheJdk(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      assertThat(entries).isNotEmpty();
      for (ZipEntry entry : entries) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        CRC32 crc = new CRC32();
        crc.update(bytes);
        assertThat(bytes).hasSize((int) entry.getSize());
        assertThat(entry.getCrc()).as(entry.getName()).isEqualTo(crc.getValue());
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
      }
    }
  }

  private static byte[] entry(ZipFile zip, String part) throws IOException {
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (entry.getName().endsWith("/" + part)) {
        return zip.getInputStream(entry).readAllBytes();
      }
    }
    throw new AssertionError(zip.getName() + " has no entry " + part);
  }
}
