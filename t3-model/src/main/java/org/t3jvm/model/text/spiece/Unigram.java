package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.t3jvm.model.text.spiece.Piece.Kind;

/** The pieces of normalised text whose scores have the greatest sum (SPEC 2). */
public final class Unigram {
  private static final int BYTES = 256;
  private static final double UNKNOWN_PENALTY = 10;
  private static final double USER_DEFINED_PENALTY = 0.1;

  private final List<Piece> pieces;
  private final Pieces matching;
  private final int[] byteIds;
  private final int unknownId;
  private final boolean float32;
  private final double unknownScore;
  private final double maxScore;

  /**
   * A model of a vocabulary.
   *
   * @param pieces an index is an id
   * @param unknownId what characters that no piece has become
   * @param byteIds what they become instead: the piece of each of their bytes, as {@link #byteIds}
   *     finds them; empty if they stay unknown
   * @param float32 true if sums are rounded to float32, as SentencePiece does; false for float64,
   *     as Hugging Face does
   * @throws IOException if no piece can be found in a text, or two are the same
   */
  public Unigram(List<Piece> pieces, int unknownId, int[] byteIds, boolean float32)
      throws IOException {
    this.pieces = pieces;
    this.matching = new Pieces(pieces, kind -> kind == Kind.NORMAL || kind == Kind.USER_DEFINED);
    this.byteIds = byteIds;
    this.unknownId = unknownId;
    this.float32 = float32;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (Piece piece : pieces) {
      if (piece.kind() == Kind.NORMAL) {
        min = Math.min(min, piece.score());
        max = Math.max(max, piece.score());
      }
    }
    if (min > max) {
      throw new IOException("it has no normal pieces");
    }
    this.unknownScore = rounded(min - UNKNOWN_PENALTY);
    this.maxScore = max;
  }

  /**
   * The id of the piece of each byte.
   *
   * @param isByte which pieces are such pieces
   * @throws IOException if a byte has none
   */
  public static int[] byteIds(List<Piece> pieces, Predicate<Piece> isByte) throws IOException {
    int[] ids = new int[BYTES];
    int found = 0;
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (isByte.test(piece)) {
        if (!isByte(piece.text())) {
          throw new IOException("a byte's piece is called " + piece.text().strip());
        }
        ids[Integer.parseInt(piece.text().substring(3, 5).toUpperCase(Locale.ROOT), 16)] = id;
        found++;
      }
    }
    if (found != BYTES) {
      throw new IOException("it has pieces of %d bytes, not of %d".formatted(found, BYTES));
    }
    return ids;
  }

  /** True for {@code <0x00>} to {@code <0xFF>}. */
  public static boolean isByte(String text) {
    return text.matches("<0x[0-9A-Fa-f]{2}>");
  }

  private double rounded(double sum) {
    return float32 ? (float) sum : sum;
  }

  /** Hands on the ids of a text's pieces; neighbouring characters without a piece are one. */
  public void encode(byte[] text, LongConsumer ids) {
    Best path = bestPath(text);
    Deque<int[]> spans = new ArrayDeque<>();
    for (int end = text.length; end > 0; end = path.starts[end]) {
      spans.push(new int[] {path.starts[end], end, path.ids[end]});
    }
    boolean afterUnknown = false;
    for (int[] span : spans) {
      boolean unknown = span[2] == unknownId;
      if (unknown && byteIds.length > 0) {
        for (int i = span[0]; i < span[1]; i++) {
          ids.accept(byteIds[text[i] & 0xFF]);
        }
      } else if (!unknown || !afterUnknown) {
        ids.accept(span[2]);
      }
      afterUnknown = unknown;
    }
  }

  /** The best pieces that end at each place: where they start, and which they are. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Best(int[] starts, int[] ids) {}

  /** Sums are compared before they are rounded, as SentencePiece does. */
  private Best bestPath(byte[] text) {
    int[] starts = new int[text.length + 1];
    int[] ids = new int[text.length + 1];
    double[] scores = new double[text.length + 1];
    Arrays.fill(starts, -1);
    for (int from = 0; from < text.length; ) {
      int start = from;
      double before = scores[from];
      int character = Math.min(SpieceNormalizer.characterLength(text[from]), text.length - from);
      boolean[] single = {false};
      matching.visit(
          text,
          from,
          (id, length) -> {
            int end = start + length;
            double sum = before + score(pieces.get(id), length);
            if (starts[end] < 0 || sum > scores[end]) {
              starts[end] = start;
              ids[end] = id;
              scores[end] = rounded(sum);
            }
            single[0] |= length == character;
          });
      int end = from + character;
      double sum = rounded(before + unknownScore);
      if (!single[0] && (starts[end] < 0 || sum > scores[end])) {
        starts[end] = from;
        ids[end] = unknownId;
        scores[end] = sum;
      }
      from = end;
    }
    return new Best(starts, ids);
  }

  private double score(Piece piece, int length) {
    // The product is a float32's in SentencePiece, which alone has such pieces.
    return piece.kind() == Kind.USER_DEFINED
        ? (float) (length * maxScore) - USER_DEFINED_PENALTY
        : piece.score();
  }
}
