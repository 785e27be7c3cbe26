package org.t3jvm.model.text.spiece;

/** Text to ids of a vocabulary's pieces. Safe for use by several threads. */
public interface PieceModel {
  /** The ids of a text's pieces, without an end. */
  long[] ids(String text);

  /** How many ids there are. */
  int size();

  /** The text of a piece, with U+2581 for spaces; empty if there is no such id. */
  String piece(long id);

  /** The id of what the vocabulary lacks. */
  long unknownId();

  /** The id that ends a text. */
  long eosId();

  /** The id that fills a row up, or -1 if the model has none. */
  long padId();
}
