package org.t3jvm.loaders.pth;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A plain zip file of stored entries, whose fields tests can falsify through {@link #entry}. */
final class ZipBuilder {
  /** The fields of one entry that a test may falsify. */
  static final class Entry {
    String localName;
    final String name;
    final byte[] data;
    int flags;
    int method;
    long size;
    long packed;
    long headerOffset;
    byte[] extra = new byte[0];

    Entry(String name, byte[] data, long headerOffset) {
      this.name = name;
      this.localName = name;
      this.data = data;
      this.size = data.length;
      this.packed = data.length;
      this.headerOffset = headerOffset;
    }
  }

  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private int count;

  /** Adds an entry as it should be. */
  ZipBuilder add(String name, byte[] data) {
    return entry(name, data, entry -> {});
  }

  /** Adds an entry after {@code change} has falsified its fields. */
  ZipBuilder entry(String name, byte[] data, Consumer<Entry> change) {
    Entry entry = new Entry(name, data, content.size());
    change.accept(entry);
    byte[] local = entry.localName.getBytes(StandardCharsets.UTF_8);
    content.writeBytes(
        buffer(30)
            .putInt(0x04034B50)
            .putShort((short) 20)
            .putShort((short) entry.flags)
            .putShort((short) entry.method)
            .position(26)
            .putShort((short) local.length)
            .array());
    content.writeBytes(local);
    content.writeBytes(data);
    byte[] central = entry.name.getBytes(StandardCharsets.UTF_8);
    directory.writeBytes(
        buffer(46)
            .putInt(0x02014B50)
            .putInt(0)
            .putShort((short) entry.flags)
            .putShort((short) entry.method)
            .position(20)
            .putInt((int) entry.packed)
            .putInt((int) entry.size)
            .putShort((short) central.length)
            .putShort((short) entry.extra.length)
            .position(42)
            .putInt((int) entry.headerOffset)
            .array());
    directory.writeBytes(central);
    directory.writeBytes(entry.extra);
    count++;
    return this;
  }

  /** The file. */
  byte[] build() {
    return build(count, directory.size(), content.size());
  }

  /** The file with an end record that makes these claims. */
  byte[] build(int entries, long directoryBytes, long directoryOffset) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(content.toByteArray());
    file.writeBytes(directory.toByteArray());
    file.writeBytes(
        buffer(22)
            .putInt(0x06054B50)
            .putInt(0)
            .putShort((short) entries)
            .putShort((short) entries)
            .putInt((int) directoryBytes)
            .putInt((int) directoryOffset)
            .array());
    return file.toByteArray();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
