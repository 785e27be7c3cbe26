package org.t3jvm.cli.report;

import java.io.PrintWriter;
import java.util.function.IntSupplier;

/**
 * The last line of a terminal, drawn over itself. It stays so short that neither a terminal's
 * {@code ^C} nor the cursor behind it leads to a second row; where the terminal has become
 * narrower, and has broken it, all rows of it are taken back.
 */
final class TerminalLine {
  /** For {@code ^C} and the cursor. */
  private static final int MARGIN = 3;

  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintWriter out;
  private final IntSupplier columns;
  private int drawn;

  /**
   * @param columns that the terminal has at the moment
   */
  TerminalLine(PrintWriter out, IntSupplier columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Characters that a line may have now. */
  int room() {
    return Math.max(1, columns.getAsInt() - MARGIN);
  }

  /** Draws a line, as far as there is room for it, in place of the one before. */
  void draw(String text) {
    String line = text.substring(0, Math.min(text.length(), room()));
    if (rows() > 1) {
      clear();
    }
    out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    if (drawn > line.length()) {
      out.print("\r" + line);
    }
    out.flush();
    drawn = line.length();
  }

  /** Removes the line; the cursor is where it began. */
  void clear() {
    if (drawn == 0) {
      return;
    }
    int rows = rows();
    if (rows > 1) {
      out.print("\u001b[%dA\r".formatted(rows - 1) + CLEAR_BELOW);
    } else {
      int most = Math.min(drawn + MARGIN - 1, room() + MARGIN - 1);
      out.print("\r" + " ".repeat(most) + "\r");
    }
    out.flush();
    drawn = 0;
  }

  /** Leaves the line as it is, and goes to the next. */
  void end() {
    if (drawn > 0) {
      out.println();
      drawn = 0;
    }
  }

  private int rows() {
    return Math.ceilDiv(drawn, Math.max(1, columns.getAsInt()));
  }
}
