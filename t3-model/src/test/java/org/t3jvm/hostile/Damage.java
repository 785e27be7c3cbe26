package org.t3jvm.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Ways to damage the bytes of a file, chosen by a seeded generator. */
enum Damage {
  FLIP_BITS {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return content;
    }
  },
  TRUNCATE {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      return Arrays.copyOf(content, random.nextInt(content.length));
    }
  },
  INSERT {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      byte[] junk = new byte[1 + random.nextInt(32)];
      random.nextBytes(junk);
      return splice(content, random.nextInt(content.length), 0, junk);
    }
  },
  REMOVE {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      return splice(content, random.nextInt(content.length), 1 + random.nextInt(64));
    }
  },
  REPEAT {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      int from = random.nextInt(content.length);
      int to = Math.min(content.length, from + 1 + random.nextInt(256));
      return splice(
          content, random.nextInt(content.length), 0, Arrays.copyOfRange(content, from, to));
    }
  },
  EDGE_NUMBER {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      if (content.length < Long.BYTES) {
        return content;
      }
      ByteBuffer buffer = ByteBuffer.wrap(content);
      buffer.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      int at = random.nextInt(content.length - Long.BYTES + 1);
      long value = EDGES[random.nextInt(EDGES.length)] + random.nextInt(-1, 2);
      switch (random.nextInt(4)) {
        case 0 -> buffer.put(at, (byte) value);
        case 1 -> buffer.putShort(at, (short) value);
        case 2 -> buffer.putInt(at, (int) value);
        default -> buffer.putLong(at, value);
      }
      return content;
    }
  },
  TOKEN {
    @Override
    byte[] of(byte[] content, SplittableRandom random) {
      byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
      return splice(content, random.nextInt(content.length), random.nextInt(4), token);
    }
  };

  /** Numbers at which code that trusts a field breaks. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000L,
    0xFFFFFFFFL,
    1L << 40,
    -1,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  /** Text at which code that reads JSON, CSV, names and paths breaks. */
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "9223372036854775808",
    "NaN",
    "../",
    "/etc/passwd",
    "\n",
    "\r\n",
    "\0",
    "\u001b[2J",
    "\u202e",
    "\ufeff",
    "<",
    "#",
    "--seed 5"
  };

  abstract byte[] of(byte[] content, SplittableRandom random);

  /** A file damaged one to three times. */
  static byte[] some(byte[] valid, SplittableRandom random) {
    byte[] content = valid.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && content.length > 0; times--) {
      content = values()[random.nextInt(values().length)].of(content, random);
    }
    return content;
  }

  /** {@code removed} bytes at {@code at} replaced by {@code inserted}. */
  static byte[] splice(byte[] content, int at, int removed, byte... inserted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content, 0, at);
    out.writeBytes(inserted);
    int rest = Math.min(content.length, at + removed);
    out.write(content, rest, content.length - rest);
    return out.toByteArray();
  }
}
