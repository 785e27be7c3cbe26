package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one protobuf message in the order in which they were written. */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer message;
  private int type;

  ProtoReader(ByteBuffer message) {
    this.message = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of the next field; 0 at the end. Each field must be read or skipped. */
  int next() throws IOException {
    if (!message.hasRemaining()) {
      return 0;
    }
    long key = varint();
    type = (int) (key & 7);
    long field = key >>> 3;
    if (field < 1 || field > 0x1FFFFFFF) {
      throw new IOException("field number " + field + " is impossible");
    }
    return (int) field;
  }

  /** An integer, a truth value or an enum. */
  long integer() throws IOException {
    require(VARINT);
    return varint();
  }

  float float32() throws IOException {
    require(FIXED32);
    return take(Float.BYTES).getFloat();
  }

  /** A message within this one, or bytes. */
  ByteBuffer bytes() throws IOException {
    require(BYTES);
    long length = varint();
    if (length < 0 || length > message.remaining()) {
      throw new IOException("a field runs past the end of its message");
    }
    return take((int) length);
  }

  String text() throws IOException {
    return StandardCharsets.UTF_8.decode(bytes()).toString();
  }

  void skip() throws IOException {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> take(Long.BYTES);
      case BYTES -> bytes();
      case FIXED32 -> take(Float.BYTES);
      default -> throw new IOException("wire type " + type + " is unknown");
    }
  }

  private void require(int expected) throws IOException {
    if (type != expected) {
      throw new IOException("a field has wire type " + type + ", not " + expected);
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte part = take(1).get();
      value |= (part & 0x7FL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    throw new IOException("a number has more than 10 bytes");
  }

  private ByteBuffer take(int length) throws IOException {
    if (length > message.remaining()) {
      throw new IOException("the message ends within a field");
    }
    ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    message.position(message.position() + length);
    return part;
  }
}
