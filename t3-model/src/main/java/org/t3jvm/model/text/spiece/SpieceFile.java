package org.t3jvm.model.text.spiece;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code spiece.model} file says (SPEC 2).
 *
 * @param pieces the vocabulary; an index is an id
 * @param byteFallback true if unknown characters become pieces of their bytes
 * @param unknownId id of what the vocabulary lacks
 * @param eosId id that ends a text
 * @param padId id that fills a row up, or -1
 * @param charsmap the normaliser's compiled character map; empty if it changes nothing
 * @param dummyPrefix true if a space is put before every text
 * @param removeExtraSpaces true if spaces at the ends are dropped and runs become one
 * @param escapeSpaces true if spaces become U+2581
 */
record SpieceFile(
    List<Piece> pieces,
    boolean byteFallback,
    int unknownId,
    int eosId,
    int padId,
    ByteBuffer charsmap,
    boolean dummyPrefix,
    boolean removeExtraSpaces,
    boolean escapeSpaces) {

  /** A file past this is no tokenizer: the real one has 5 MB. */
  private static final long MAX_BYTES = 256L << 20;

  /**
   * Reads a file.
   *
   * @throws IOException if it is missing or no such file, in one line that names it
   */
  static SpieceFile read(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": there is no such spiece.model");
    }
    if (Files.size(path) > MAX_BYTES) {
      throw new IOException(
          "%s: has %d bytes, a spiece.model has at most %d"
              .formatted(path, Files.size(path), MAX_BYTES));
    }
    try {
      return new Fields().read(ByteBuffer.wrap(Files.readAllBytes(path)));
    } catch (IOException e) {
      throw new IOException(path + ": is no readable spiece.model (" + e.getMessage() + ")", e);
    }
  }

  /** The values so far; those missing in a file are the format's defaults. */
  private static final class Fields {
    private static final int UNIGRAM = 1;

    private final List<Piece> pieces = new ArrayList<>();
    private long modelType = UNIGRAM;
    private boolean byteFallback;
    private long unknownId;
    private long eosId = 2;
    private long padId = -1;
    private ByteBuffer charsmap = ByteBuffer.allocate(0);
    private boolean dummyPrefix = true;
    private boolean removeExtraSpaces = true;
    private boolean escapeSpaces = true;

    SpieceFile read(ByteBuffer bytes) throws IOException {
      ProtoReader model = new ProtoReader(bytes);
      for (int field = model.next(); field != 0; field = model.next()) {
        switch (field) {
          case 1 -> pieces.add(piece(new ProtoReader(model.bytes())));
          case 2 -> trainer(new ProtoReader(model.bytes()));
          case 3 -> normalizer(new ProtoReader(model.bytes()));
          default -> model.skip();
        }
      }
      if (modelType != UNIGRAM) {
        throw new IOException("its model type is " + modelType + ", only unigram (1) is read");
      }
      return new SpieceFile(
          List.copyOf(pieces),
          byteFallback,
          id("unknown", unknownId),
          id("end", eosId),
          padId < 0 ? -1 : id("padding", padId),
          charsmap,
          dummyPrefix,
          removeExtraSpaces,
          escapeSpaces);
    }

    private int id(String what, long id) throws IOException {
      if (id < 0 || id >= pieces.size()) {
        throw new IOException(
            "its %s id is %d, there are %d pieces".formatted(what, id, pieces.size()));
      }
      return (int) id;
    }

    private static Piece piece(ProtoReader message) throws IOException {
      String text = "";
      float score = 0;
      long kind = 1;
      for (int field = message.next(); field != 0; field = message.next()) {
        switch (field) {
          case 1 -> text = message.text();
          case 2 -> score = message.float32();
          case 3 -> kind = message.integer();
          default -> message.skip();
        }
      }
      if (kind < 1 || kind > Piece.Kind.values().length) {
        throw new IOException("a piece is of the unknown type " + kind);
      }
      if (!Float.isFinite(score)) {
        throw new IOException("a piece has the score " + score);
      }
      return new Piece(text, score, Piece.Kind.values()[(int) kind - 1]);
    }

    private void trainer(ProtoReader message) throws IOException {
      for (int field = message.next(); field != 0; field = message.next()) {
        switch (field) {
          case 3 -> modelType = message.integer();
          case 35 -> byteFallback = message.integer() != 0;
          case 40 -> unknownId = message.integer();
          case 42 -> eosId = message.integer();
          case 43 -> padId = message.integer();
          default -> message.skip();
        }
      }
    }

    private void normalizer(ProtoReader message) throws IOException {
      for (int field = message.next(); field != 0; field = message.next()) {
        switch (field) {
          case 2 -> charsmap = message.bytes();
          case 3 -> dummyPrefix = message.integer() != 0;
          case 4 -> removeExtraSpaces = message.integer() != 0;
          case 5 -> escapeSpaces = message.integer() != 0;
          default -> message.skip();
        }
      }
    }
  }
}
