package org.t3jvm.model.text.spiece;

/**
 * One entry of a vocabulary.
 *
 * @param score logarithm of its probability
 */
public record Piece(String text, double score, Kind kind) {
  /** What a piece is; the order is that of {@code spiece.model} files, from 1 on. */
  public enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }
}
