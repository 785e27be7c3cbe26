package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A compiled map from byte strings to byte strings: a double-array trie and a pool of results (SPEC
 * 2).
 */
public final class Charsmap {
  /** NFKC's longest result has 33 bytes. */
  private static final int MAX_RESULT = 256;

  /** What stands for a prefix of a text. */
  @SuppressWarnings("ArrayRecordComponent")
  record Match(int consumed, byte[] replacement) {}

  private final ByteBuffer units;
  private final int count;
  private final ByteBuffer pool;

  /**
   * @throws IOException if the trie is longer than the bytes, or a result is too long to be one
   */
  public Charsmap(ByteBuffer blob) throws IOException {
    ByteBuffer bytes = blob.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (!bytes.hasRemaining()) {
      units = bytes;
      pool = bytes;
      count = 0;
      return;
    }
    long length = bytes.remaining() < 4 ? -1 : Integer.toUnsignedLong(bytes.getInt());
    if (length < 0 || length > bytes.remaining() || length % Integer.BYTES != 0) {
      throw new IOException("its character map is cut off");
    }
    units = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    count = (int) length / Integer.BYTES;
    bytes.position(bytes.position() + (int) length);
    pool = bytes.slice();
    requireShortResults();
  }

  /** A text could else grow without bound. */
  private void requireShortResults() throws IOException {
    int start = 0;
    for (int at = 0; at <= pool.limit(); at++) {
      if (at - start > MAX_RESULT) {
        throw new IOException(
            "its character map has results of more than " + MAX_RESULT + " bytes");
      }
      if (at == pool.limit() || pool.get(at) == 0) {
        start = at + 1;
      }
    }
  }

  /**
   * What the shortest mapped string that {@code text} begins with becomes; null if there is none.
   */
  public byte @Nullable [] shortest(byte[] text) {
    Match match = match(text, 0, true);
    return match.consumed == 0 ? null : match.replacement;
  }

  /**
   * The longest mapped string that {@code text} has at {@code from}, and what it becomes; one that
   * consumes nothing if there is none.
   */
  Match longest(byte[] text, int from) {
    return match(text, from, false);
  }

  private Match match(byte[] text, int from, boolean first) {
    int consumed = 0;
    int value = 0;
    int position = count == 0 ? 0 : offset(unit(0));
    for (int i = from; i < text.length && count > 0; i++) {
      int c = text[i] & 0xFF;
      position ^= c;
      int unit = unit(position);
      if ((unit & 0x800000FF) != c) {
        break;
      }
      position ^= offset(unit);
      if ((unit & 0x100) != 0) {
        consumed = i + 1 - from;
        value = unit(position) & 0x7FFFFFFF;
        if (first) {
          break;
        }
      }
    }
    return new Match(consumed, consumed == 0 ? new byte[0] : result(value));
  }

  /** A unit outside the array has no label that a byte could match. */
  private int unit(int position) {
    return position < 0 || position >= count ? 0x80000000 : units.getInt(position * Integer.BYTES);
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  private byte[] result(int start) {
    int end = Math.min(start, pool.limit());
    int first = end;
    while (end < pool.limit() && pool.get(end) != 0) {
      end++;
    }
    byte[] result = new byte[end - first];
    pool.get(first, result);
    return result;
  }
}
