package org.t3jvm.loaders.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes GGUF files byte by byte, right and wrong ones. */
public final class GgufBuilder {
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int valueCount;
  private int tensorCount;

  private static byte[] le(int bytes, long value) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    byte[] result = new byte[bytes];
    buffer.get(0, result);
    return result;
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(le(8, bytes.length));
    out.writeBytes(bytes);
  }

  /** A text beside the tensors. */
  public GgufBuilder text(String key, String value) {
    text(values, key);
    values.writeBytes(le(4, 8));
    text(values, value);
    valueCount++;
    return this;
  }

  /** An array of 32-bit integers beside the tensors. */
  public GgufBuilder integers(String key, int... numbers) {
    text(values, key);
    values.writeBytes(le(4, 9));
    values.writeBytes(le(4, 5));
    values.writeBytes(le(8, numbers.length));
    for (int number : numbers) {
      values.writeBytes(le(4, number));
    }
    valueCount++;
    return this;
  }

  /** A tensor of a type's number, extents outermost first. */
  public GgufBuilder tensor(String name, int type, byte[] bytes, long... dims) {
    text(tensors, name);
    tensors.writeBytes(le(4, dims.length));
    for (int i = dims.length - 1; i >= 0; i--) {
      tensors.writeBytes(le(8, dims[i]));
    }
    tensors.writeBytes(le(4, type));
    tensors.writeBytes(le(8, data.size()));
    data.writeBytes(bytes);
    data.writeBytes(new byte[-bytes.length & 31]);
    tensorCount++;
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(le(4, 3));
    out.writeBytes(le(8, tensorCount));
    out.writeBytes(le(8, valueCount));
    out.writeBytes(values.toByteArray());
    out.writeBytes(tensors.toByteArray());
    out.writeBytes(new byte[-out.size() & 31]);
    out.writeBytes(data.toByteArray());
    return out.toByteArray();
  }
}
