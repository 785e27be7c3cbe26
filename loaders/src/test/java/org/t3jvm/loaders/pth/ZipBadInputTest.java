package org.t3jvm.loaders.pth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.open.Checkpoints;

/** Zip files that are damaged, absurd or of another kind. */
class ZipBadInputTest {
  private static final byte[] PICKLE = new PickleBuilder().ops("}.").bytes();

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isRefused(String what, byte[] content, String message) {
    Path path = folder.resolve("model.pth");
    assertThat(TestFiles.failure(path, content)).startsWith(path + ": ").contains(message);
  }

  static Stream<Arguments> isRefused() throws IOException {
    byte[] valid = good().build();
    ZipBuilder two = good().add("n/data.pkl", PICKLE);
    return Stream.of(
        Arguments.of("truncated", Arrays.copyOf(valid, valid.length - 1), "truncated"),
        Arguments.of("magic only", Arrays.copyOf(valid, 4), "truncated"),
        Arguments.of("deflated", deflated(), "'m/data.pkl' is compressed (method 8)"),
        entry("encrypted", e -> e.flags = 1, "is encrypted"),
        entry("sizes differ", e -> e.packed = 3, "its sizes differ"),
        entry("absurd size", e -> e.size = e.packed = 0xFFFFFFF0L, "claims 4294967280"),
        entry("no zip64 field", e -> e.size = e.packed = 0xFFFFFFFFL, "lacks the zip64 field"),
        entry("zip64 of 2^62", ZipBadInputTest::zip64, "claims 4611686018427387904"),
        entry("header elsewhere", e -> e.headerOffset += 1, "has no local header at byte"),
        entry("header far away", e -> e.headerOffset = 0xFFFFFFF0L, "has no local header at byte"),
        entry("two names", e -> e.localName = "m/data/1", "a local header with another name"),
        entry("overlapping", e -> e.size = e.packed = 9, "overlaps the entry 'm/data/0'"),
        Arguments.of("name twice", good().add("m/version", PICKLE).build(), "appears twice"),
        Arguments.of("no pickle", new ZipBuilder().add("a.txt", PICKLE).build(), "data.pkl"),
        Arguments.of("two pickles", two.build(), "'m/data.pkl' and 'n/data.pkl'"),
        Arguments.of("empty zip", new ZipBuilder().build(), "without a <folder>/data.pkl"),
        Arguments.of("60000 entries", good().build(60_000, 150, 0), "60000 entries"),
        Arguments.of("huge directory", good().build(3, 1L << 31, 0), "[0, + 2147483648)"),
        Arguments.of("far directory", good().build(3, 100, 1L << 31), "[2147483648, + 100)"),
        Arguments.of("one entry less", fewer(), "bytes after its 2 entries"),
        Arguments.of("big-endian", byteOrder("big"), "byte order 'big'; only little"),
        Arguments.of("legacy pickle", new byte[] {(byte) 0x80, 2, '.'}, "is a bare pickle"));
  }

  @Test
  void littleEndianIsAccepted() throws IOException {
    Path path = Files.write(folder.resolve("little"), byteOrder("little"));
    Checkpoints.open(path).close();
  }

  private static ZipBuilder good() {
    return new ZipBuilder()
        .add("m/data.pkl", PICKLE)
        .add("m/data/0", new byte[8])
        .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static Arguments entry(String what, Consumer<ZipBuilder.Entry> change, String message) {
    ZipBuilder zip =
        new ZipBuilder()
            .add("m/data.pkl", PICKLE)
            .entry("m/data/0", new byte[8], change)
            .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return Arguments.of(what, zip.build(), message);
  }

  private static void zip64(ZipBuilder.Entry entry) {
    entry.size = 0xFFFFFFFFL;
    entry.packed = 0xFFFFFFFFL;
    entry.extra =
        ByteBuffer.allocate(20)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) 1)
            .putShort((short) 16)
            .putLong(1L << 62)
            .putLong(1L << 62)
            .array();
  }

  private static byte[] fewer() {
    byte[] content = good().build();
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(content.length - 22 + 10, (short) 2);
    return content;
  }

  private static byte[] byteOrder(String order) {
    return good().add("m/byteorder", order.getBytes(StandardCharsets.US_ASCII)).build();
  }

  private static byte[] deflated() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.write(PICKLE);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }
}
