package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.t3jvm.model.text.spiece.Piece.Kind;

/** Pieces sorted by their bytes, so that those which start at a place are found byte by byte. */
public final class Pieces {
  private final byte[][] sorted;
  private final int[] ids;

  /**
   * @param kinds which of the vocabulary's pieces can be found
   * @throws IOException if two of them are the same
   */
  public Pieces(List<Piece> vocabulary, Predicate<Kind> kinds) throws IOException {
    byte[][] texts = new byte[vocabulary.size()][];
    Integer[] order = new Integer[vocabulary.size()];
    int found = 0;
    for (int id = 0; id < texts.length; id++) {
      Piece piece = vocabulary.get(id);
      texts[id] = piece.text().getBytes(StandardCharsets.UTF_8);
      if (kinds.test(piece.kind()) && texts[id].length > 0) {
        order[found++] = id;
      }
    }
    Arrays.sort(order, 0, found, Comparator.comparing(id -> texts[id], Arrays::compareUnsigned));
    sorted = new byte[found][];
    ids = new int[found];
    for (int i = 0; i < found; i++) {
      ids[i] = order[i];
      sorted[i] = texts[order[i]];
      if (i > 0 && Arrays.equals(sorted[i], sorted[i - 1])) {
        throw new IOException("pieces %d and %d are the same".formatted(ids[i - 1], ids[i]));
      }
    }
  }

  /** Hears of pieces. */
  public interface Visitor {
    void found(int id, int length);
  }

  /** Visits every piece that {@code text} has at {@code from}, the shortest first. */
  public void visit(byte[] text, int from, Visitor visitor) {
    int low = 0;
    int high = sorted.length;
    for (int depth = 0; from + depth < text.length && low < high; depth++) {
      int wanted = text[from + depth] & 0xFF;
      low = firstAtLeast(low, high, depth, wanted);
      high = firstAtLeast(low, high, depth, wanted + 1);
      if (low < high && sorted[low].length == depth + 1) {
        visitor.found(ids[low], depth + 1);
      }
    }
  }

  /** The first piece of {@code [low, high)} whose byte at {@code depth} is not below a value. */
  private int firstAtLeast(int low, int high, int depth, int value) {
    int from = low;
    int to = high;
    while (from < to) {
      int middle = (from + to) >>> 1;
      byte[] piece = sorted[middle];
      boolean below = depth >= piece.length || (piece[depth] & 0xFF) < value;
      if (below) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
