package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.t3jvm.model.text.spiece.SpieceFile.Kind;
import org.t3jvm.model.text.spiece.SpieceFile.Piece;

/** A SentencePiece unigram model: text to ids (SPEC 2). Safe for use by several threads. */
public final class SpieceModel {
  private static final int BYTES = 256;
  private static final float UNKNOWN_PENALTY = 10;
  private static final double USER_DEFINED_PENALTY = 0.1;

  private final SpieceFile file;
  private final SpieceNormalizer normalizer;
  private final Pieces matching;
  private final int[] byteIds;
  private final float unknownScore;
  private final float maxScore;

  private SpieceModel(SpieceFile file) throws IOException {
    this.file = file;
    this.normalizer = new SpieceNormalizer(file);
    this.matching =
        new Pieces(file.pieces(), kind -> kind == Kind.NORMAL || kind == Kind.USER_DEFINED);
    this.byteIds = file.byteFallback() ? byteIds(file.pieces()) : new int[0];
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (Piece piece : file.pieces()) {
      if (piece.kind() == Kind.NORMAL) {
        min = Math.min(min, piece.score());
        max = Math.max(max, piece.score());
      }
    }
    if (min > max) {
      throw new IOException("it has no normal pieces");
    }
    this.unknownScore = min - UNKNOWN_PENALTY;
    this.maxScore = max;
  }

  /**
   * Reads a {@code spiece.model}.
   *
   * @throws IOException if it is missing or cannot be one, in one line that names it
   */
  public static SpieceModel read(Path path) throws IOException {
    SpieceFile file = SpieceFile.read(path);
    try {
      return new SpieceModel(file);
    } catch (IOException e) {
      throw new IOException(path + ": is no readable spiece.model (" + e.getMessage() + ")", e);
    }
  }

  private static int[] byteIds(List<Piece> pieces) throws IOException {
    int[] ids = new int[BYTES];
    int found = 0;
    for (int id = 0; id < pieces.size(); id++) {
      Piece piece = pieces.get(id);
      if (piece.kind() == Kind.BYTE) {
        if (!piece.text().matches("<0x[0-9A-Fa-f]{2}>")) {
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

  public long unknownId() {
    return file.unknownId();
  }

  public long eosId() {
    return file.eosId();
  }

  /** The id that fills a row up, or -1 if the model has none. */
  public long padId() {
    return file.padId();
  }

  /** The ids of a text's pieces, without an end. Pieces that control never stand for text. */
  public long[] ids(String text) {
    byte[] normal = normalizer.normalize(text);
    Best path = bestPath(normal);
    Deque<int[]> spans = new ArrayDeque<>();
    for (int end = normal.length; end > 0; end = path.starts[end]) {
      spans.push(new int[] {path.starts[end], end, path.ids[end]});
    }
    List<Long> ids = new ArrayList<>();
    boolean afterUnknown = false;
    for (int[] span : spans) {
      boolean unknown = span[2] == file.unknownId();
      if (unknown && file.byteFallback()) {
        for (int i = span[0]; i < span[1]; i++) {
          ids.add((long) byteIds[normal[i] & 0xFF]);
        }
      } else if (!unknown || !afterUnknown) {
        ids.add((long) span[2]);
      }
      afterUnknown = unknown;
    }
    return ids.stream().mapToLong(Long::longValue).toArray();
  }

  /** The best pieces that end at each place: where they start, and which they are. */
  private record Best(int[] starts, int[] ids) {}

  /** Sums are kept as float32 and compared before they are rounded, as SentencePiece does. */
  private Best bestPath(byte[] text) {
    int[] starts = new int[text.length + 1];
    int[] ids = new int[text.length + 1];
    float[] scores = new float[text.length + 1];
    Arrays.fill(starts, -1);
    for (int from = 0; from < text.length; ) {
      int start = from;
      float before = scores[from];
      int character = Math.min(SpieceNormalizer.characterLength(text[from]), text.length - from);
      boolean[] single = {false};
      matching.visit(
          text,
          from,
          (id, length) -> {
            Piece piece = file.pieces().get(id);
            double score =
                piece.kind() == Kind.USER_DEFINED
                    ? length * maxScore - USER_DEFINED_PENALTY
                    : piece.score();
            int end = start + length;
            if (starts[end] < 0 || score + before > scores[end]) {
              starts[end] = start;
              ids[end] = id;
              scores[end] = (float) (score + before);
            }
            single[0] |= length == character;
          });
      int end = from + character;
      if (!single[0] && (starts[end] < 0 || unknownScore + before > scores[end])) {
        starts[end] = from;
        ids[end] = file.unknownId();
        scores[end] = unknownScore + before;
      }
      from = end;
    }
    return new Best(starts, ids);
  }
}
