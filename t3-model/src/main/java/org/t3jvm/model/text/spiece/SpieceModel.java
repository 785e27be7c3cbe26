package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;

/**
 * A SentencePiece unigram model: text to ids (SPEC 2). Pieces that control never stand for text.
 */
public final class SpieceModel implements PieceModel {
  private final SpieceFile file;
  private final SpieceNormalizer normalizer;
  private final Unigram unigram;

  private SpieceModel(SpieceFile file) throws IOException {
    this.file = file;
    this.normalizer = new SpieceNormalizer(file);
    int[] byteIds =
        file.byteFallback()
            ? Unigram.byteIds(file.pieces(), piece -> piece.kind() == Piece.Kind.BYTE)
            : new int[0];
    this.unigram = new Unigram(file.pieces(), file.unknownId(), byteIds, true);
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

  @Override
  public long[] ids(String text) {
    LongStream.Builder ids = LongStream.builder();
    unigram.encode(normalizer.normalize(text), ids);
    return ids.build().toArray();
  }

  @Override
  public int size() {
    return file.pieces().size();
  }

  @Override
  public String piece(long id) {
    return id < 0 || id >= file.pieces().size() ? "" : file.pieces().get((int) id).text();
  }

  @Override
  public long unknownId() {
    return file.unknownId();
  }

  @Override
  public long eosId() {
    return file.eosId();
  }

  @Override
  public long padId() {
    return file.padId();
  }
}
