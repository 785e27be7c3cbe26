package org.t3jvm.model.preview;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.Map;

/**
 * Short labels in letters of 5x7 dots, each dot two pixels wide: a JVM without fonts, as in small
 * containers, cannot draw text.
 */
final class PixelText {
  private static final int COLUMNS = 5;
  private static final int ROWS = 7;
  private static final int DOT = 2;

  /** The letters that have a form, and their rows below each other. */
  private static final String LETTERS = "0123456789.-+Ecdefghist";

  private static final String[] FORMS = {
    ".###. ..#.. .###. ##### ...#. ##### ..##. ##### .###. .###.",
    "#...# .##.. #...# ...#. ..##. #.... .#... ....# #...# #...#",
    "#..## ..#.. ....# ..#.. .#.#. ####. #.... ...#. #...# #...#",
    "#.#.# ..#.. ...#. ...#. #..#. ....# ####. ..#.. .###. .####",
    "##..# ..#.. ..#.. ....# ##### ....# #...# .#... #...# ....#",
    "#...# ..#.. .#... #...# ...#. #...# #...# .#... #...# ...#.",
    ".###. .###. ##### .###. ...#. .###. .###. .#... .###. .##..",
  };

  private static final String[] MORE_FORMS = {
    "..... ..... ..... ##### ..... ....# ..... ..##. ..... #.... ..#.. ..... .#...",
    "..... ..... ..#.. #.... ..... ....# ..... .#..# ..... #.... ..... ..... .#...",
    "..... ..... ..#.. #.... .###. .##.# .###. .#... .#### #.##. .##.. .###. ###..",
    "..... ##### ##### ####. #.... #..## #...# ###.. #...# ##..# ..#.. #.... .#...",
    "..... ..... ..#.. #.... #.... #...# ##### .#... .#### #...# ..#.. .###. .#...",
    ".##.. ..... ..#.. #.... #...# #...# #.... .#... ....# #...# ..#.. ....# .#..#",
    ".##.. ..... ..... ##### .###. .#### .###. .#... .###. #...# .###. ####. ..##.",
  };

  private static final Map<Character, String> DOTS = dots();

  private PixelText() {}

  private static Map<Character, String> dots() {
    Map<Character, String> dots = new HashMap<>();
    for (int row = 0; row < ROWS; row++) {
      String[] forms = (FORMS[row] + " " + MORE_FORMS[row]).split(" ", -1);
      for (int i = 0; i < forms.length; i++) {
        dots.merge(LETTERS.charAt(i), forms[i], String::concat);
      }
    }
    return dots;
  }

  /**
   * Draws a line with its upper left corner at x, y, cut off at {@code end}; letters without a form
   * are left blank.
   */
  static void draw(String text, BufferedImage image, int x, int y, int end, int colour) {
    for (int i = 0; i < text.length(); i++) {
      int left = x + i * (COLUMNS + 1) * DOT;
      String dots = DOTS.get(text.charAt(i));
      if (dots == null || left + COLUMNS * DOT > end) {
        continue;
      }
      for (int p = 0; p < COLUMNS * ROWS * DOT * DOT; p++) {
        int across = p % (COLUMNS * DOT);
        int down = p / (COLUMNS * DOT);
        if (dots.charAt(down / DOT * COLUMNS + across / DOT) == '#') {
          image.setRGB(left + across, y + down, colour);
        }
      }
    }
  }
}
