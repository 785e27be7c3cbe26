package org.t3jvm.loaders.pth;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pickle opcodes, one call each, and a file around them. */
final class PickleBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of protocol 2. */
  PickleBuilder() {
    raw(0x80, 2);
  }

  PickleBuilder raw(int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
    return this;
  }

  /** Opcodes as characters. */
  PickleBuilder ops(String opcodes) {
    out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  PickleBuilder text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return ops("X").int32(utf8.length).ops(text);
  }

  PickleBuilder global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  PickleBuilder integer(int value) {
    return ops("J").int32(value);
  }

  PickleBuilder int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  PickleBuilder int64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /** A tuple of integers. */
  PickleBuilder tuple(int... values) {
    ops("(");
    for (int value : values) {
      integer(value);
    }
    return ops("t");
  }

  /** A storage of zip entry {@code data/key}. */
  PickleBuilder storage(String storageClass, String key, int count) {
    return ops("(")
        .text("storage")
        .global("torch", storageClass)
        .text(key)
        .text("cpu")
        .integer(count)
        .ops("tQ");
  }

  /** A tensor over storage 0 of {@code count} floats. */
  PickleBuilder tensor(int count, int offset, int[] sizes, int[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .ops("(")
        .storage("FloatStorage", "0", count)
        .integer(offset)
        .tuple(sizes)
        .tuple(strides)
        .raw(0x89)
        .ops("}tR");
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** A torch file with this pickle and one storage of {@code storageBytes} zeros. */
  byte[] file(int storageBytes) {
    return new ZipBuilder()
        .add("m/data.pkl", bytes())
        .add("m/data/0", new byte[storageBytes])
        .add("m/version", "3\n".getBytes(StandardCharsets.US_ASCII))
        .build();
  }
}
