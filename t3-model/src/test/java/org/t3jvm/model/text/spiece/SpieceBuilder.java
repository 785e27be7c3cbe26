package org.t3jvm.model.text.spiece;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the protobuf of a tiny {@code spiece.model}. */
final class SpieceBuilder {
  private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
  private final ByteArrayOutputStream trainer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream normalizer = new ByteArrayOutputStream();

  /** A piece of a kind's number: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused. */
  SpieceBuilder piece(String text, float score, int kind) {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    bytes(piece, 1, text.getBytes(StandardCharsets.UTF_8));
    key(piece, 2, 5);
    piece.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(score).array());
    number(piece, 3, kind);
    bytes(pieces, 1, piece.toByteArray());
    return this;
  }

  /** The usual special pieces: pad 0, end 1, unknown 2. */
  SpieceBuilder special() {
    return piece("<pad>", 0, 3)
        .piece("</s>", 0, 3)
        .piece("<unk>", 0, 2)
        .trainer(43, 0)
        .trainer(42, 1)
        .trainer(40, 2);
  }

  SpieceBuilder trainer(int field, long value) {
    number(trainer, field, value);
    return this;
  }

  SpieceBuilder normalizer(int field, long value) {
    number(normalizer, field, value);
    return this;
  }

  SpieceBuilder charsmap(byte... blob) {
    bytes(normalizer, 2, blob);
    return this;
  }

  byte[] build() {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    model.writeBytes(pieces.toByteArray());
    bytes(model, 2, trainer.toByteArray());
    bytes(model, 3, normalizer.toByteArray());
    return model.toByteArray();
  }

  private static void key(ByteArrayOutputStream out, int field, int wireType) {
    varint(out, (long) field << 3 | wireType);
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    key(out, field, 0);
    varint(out, value);
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    key(out, field, 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
