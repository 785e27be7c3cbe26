package org.t3jvm.model.text.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.text.spiece.Piece;
import org.t3jvm.model.text.spiece.Pieces;

/** Tokens that stand in a text literally: the leftmost, and of those the longest, is taken. */
final class AddedTokens {
  /**
   * One of them.
   *
   * @param left true if spaces before it belong to it
   * @param right true if spaces after it do
   */
  record Added(int id, String content, boolean left, boolean right) {}

  /**
   * A part of a text.
   *
   * @param id of the token that it is; -1 if it is other text
   * @param first true if the text begins with it
   */
  record Section(String text, int id, boolean first) {}

  private final List<Added> tokens;
  private final Pieces pieces;

  /**
   * @throws IOException if two tokens are the same
   */
  AddedTokens(List<Added> tokens) throws IOException {
    this.tokens = List.copyOf(tokens);
    this.pieces =
        new Pieces(
            tokens.stream().map(each -> new Piece(each.content, 0, Piece.Kind.NORMAL)).toList(),
            kind -> true);
  }

  /** The parts of a text in order; none is empty. */
  List<Section> split(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<Section> sections = new ArrayList<>();
    int[] found = new int[2];
    int from = 0;
    boolean stripped = false;
    for (int at = 0; at < bytes.length; ) {
      found[1] = 0;
      pieces.visit(
          bytes,
          at,
          (index, length) -> {
            found[0] = index;
            found[1] = length;
          });
      if (found[1] == 0) {
        at++;
        continue;
      }
      Added token = tokens.get(found[0]);
      add(sections, bytes, from, at, stripped, token.left);
      sections.add(new Section(token.content, token.id, at == 0));
      at += found[1];
      from = at;
      stripped = token.right;
    }
    add(sections, bytes, from, bytes.length, stripped, false);
    return sections;
  }

  private static void add(
      List<Section> sections, byte[] bytes, int from, int to, boolean left, boolean right) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    text = left ? text.stripLeading() : text;
    text = right ? text.stripTrailing() : text;
    if (!text.isEmpty()) {
      sections.add(new Section(text, -1, from == 0));
    }
  }
}
