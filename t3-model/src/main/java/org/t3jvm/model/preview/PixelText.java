package org.t3jvm.model.preview;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Text in ASCII letters of 5x7 dots, each dot two pixels wide: a JVM without fonts, as in small
 * containers, cannot draw text. Other letters are a frame.
 */
final class PixelText {
  /** Height of a line, in pixels. */
  static final int HEIGHT = 14;

  private static final int COLUMNS = 5;
  private static final int ROWS = 7;
  private static final int DOT = 2;

  /** From one letter to the next. */
  private static final int ADVANCE = (COLUMNS + 1) * DOT;

  private static final String MORE = "...";

  /** From the space to the tilde: two hexadecimal digits a column, whose lowest bit is on top. */
  private static final String FORMS =
      "0000000000"
          + "00005F0000"
          + "0007000700"
          + "147F147F14"
          + "242A7F2A12"
          + "2313086462"
          + "3649552250"
          + "0005030000"
          + "001C224100"
          + "0041221C00"
          + "082A1C2A08"
          + "08083E0808"
          + "0050300000"
          + "0808080808"
          + "0060600000"
          + "2010080402"
          + "3E5149453E"
          + "00427F4000"
          + "4261514946"
          + "2141454B31"
          + "1814127F10"
          + "2745454539"
          + "3C4A494930"
          + "0171090503"
          + "3649494936"
          + "064949291E"
          + "0036360000"
          + "0056360000"
          + "0008142241"
          + "1414141414"
          + "4122140800"
          + "0201510906"
          + "324979413E"
          + "7E1111117E"
          + "7F49494936"
          + "3E41414122"
          + "7F4141221C"
          + "7F49494941"
          + "7F09090101"
          + "3E41415132"
          + "7F0808087F"
          + "00417F4100"
          + "2040413F01"
          + "7F08142241"
          + "7F40404040"
          + "7F0204027F"
          + "7F0408107F"
          + "3E4141413E"
          + "7F09090906"
          + "3E4151215E"
          + "7F09192946"
          + "4649494931"
          + "01017F0101"
          + "3F4040403F"
          + "1F2040201F"
          + "7F2018207F"
          + "6314081463"
          + "0304780403"
          + "6151494543"
          + "00007F4141"
          + "0204081020"
          + "41417F0000"
          + "0402010204"
          + "4040404040"
          + "0001020400"
          + "2054545478"
          + "7F48444438"
          + "3844444420"
          + "384444487F"
          + "3854545418"
          + "087E090102"
          + "081454543C"
          + "7F08040478"
          + "00447D4000"
          + "2040443D00"
          + "007F102844"
          + "00417F4000"
          + "7C04180478"
          + "7C08040478"
          + "3844444438"
          + "7C14141408"
          + "081414187C"
          + "7C08040408"
          + "4854545420"
          + "043F444020"
          + "3C4040207C"
          + "1C2040201C"
          + "3C4030403C"
          + "4428102844"
          + "0C5050503C"
          + "4464544C44"
          + "0008364100"
          + "00007F0000"
          + "0041360800"
          + "1008081008";

  private static final String FRAME = "7F4141417F";

  private PixelText() {}

  /**
   * Words in lines of at most {@code width} pixels; the last line ends in dots where words are
   * left.
   *
   * @param most lines
   */
  static List<String> wrap(String text, int width, int most) {
    int letters = Math.max(MORE.length() + 1, width / ADVANCE);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > letters) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
      while (line.length() > letters) {
        lines.add(line.substring(0, letters));
        line.delete(0, letters);
      }
    }
    lines.add(line.toString());
    if (lines.size() <= most) {
      return lines;
    }
    String last = lines.get(most - 1);
    List<String> kept = new ArrayList<>(lines.subList(0, most - 1));
    kept.add(last.substring(0, Math.min(last.length(), letters - MORE.length())) + MORE);
    return kept;
  }

  /** Draws a line with its upper left corner at x, y, cut off at {@code end}. */
  static void draw(String text, BufferedImage image, int x, int y, int end, int colour) {
    for (int i = 0; i < text.length(); i++) {
      int left = x + i * ADVANCE;
      if (left + COLUMNS * DOT > end) {
        return;
      }
      String form = form(text.charAt(i));
      for (int column = 0; column < COLUMNS; column++) {
        int dots = Integer.parseInt(form.substring(2 * column, 2 * column + 2), 16);
        for (int p = 0; p < ROWS * DOT * DOT; p++) {
          if (((dots >> (p / DOT / DOT)) & 1) != 0) {
            image.setRGB(left + column * DOT + p % DOT, y + p / DOT, colour);
          }
        }
      }
    }
  }

  private static String form(char letter) {
    int at = (letter - ' ') * 2 * COLUMNS;
    return at < 0 || at >= FORMS.length() ? FRAME : FORMS.substring(at, at + 2 * COLUMNS);
  }
}
