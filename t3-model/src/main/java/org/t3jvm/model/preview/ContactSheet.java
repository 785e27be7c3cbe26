package org.t3jvm.model.preview;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled pictures of one size in rows below a heading: as many columns as rows, or one more.
 * Places whose picture is still to come are grey.
 */
public final class ContactSheet {
  private static final int MARGIN = 8;
  private static final int LABEL = 30;
  private static final int PAPER = 0x202020;
  private static final int EMPTY = 0x606060;
  private static final int INK = 0xffffff;

  /** From one line of the heading to the next. */
  private static final int LINE = PixelText.HEIGHT + 6;

  /** Lines that a paragraph of the heading may take. */
  private static final int MOST_LINES = 4;

  private final List<String> heading;
  private final List<String> labels;
  private final List<BufferedImage> pictures = new ArrayList<>();

  /**
   * A sheet for as many pictures as there are labels, in order.
   *
   * @param heading paragraphs above the pictures, such as the prompt
   */
  public ContactSheet(List<String> heading, List<String> labels) {
    this.heading = List.copyOf(heading);
    this.labels = List.copyOf(labels);
  }

  /** The next picture, of the size of those before. */
  public void add(BufferedImage picture) {
    pictures.add(picture);
  }

  /** The sheet with the pictures that are there, which is one at least. */
  public BufferedImage image() {
    int width = pictures.getFirst().getWidth();
    int height = pictures.getFirst().getHeight();
    int columns = (int) Math.ceil(Math.sqrt(labels.size()));
    int rows = Math.ceilDiv(labels.size(), columns);
    int all = columns * (width + MARGIN) + MARGIN;
    List<String> lines =
        heading.stream()
            .flatMap(text -> PixelText.wrap(text, all - 2 * MARGIN, MOST_LINES).stream())
            .toList();
    int top = MARGIN + lines.size() * LINE;
    BufferedImage sheet =
        new BufferedImage(all, top + rows * (height + LABEL + MARGIN), BufferedImage.TYPE_INT_RGB);
    fill(sheet, 0, 0, sheet.getWidth(), sheet.getHeight(), PAPER);
    for (int i = 0; i < lines.size(); i++) {
      PixelText.draw(lines.get(i), sheet, MARGIN, MARGIN + i * LINE, all, INK);
    }
    for (int i = 0; i < labels.size(); i++) {
      int x = MARGIN + i % columns * (width + MARGIN);
      int y = top + i / columns * (height + LABEL + MARGIN);
      if (i < pictures.size()) {
        int[] pixels = pictures.get(i).getRGB(0, 0, width, height, null, 0, width);
        sheet.setRGB(x, y, width, height, pixels, 0, width);
      } else {
        fill(sheet, x, y, width, height, EMPTY);
      }
      PixelText.draw(labels.get(i), sheet, x, y + height + MARGIN, x + width, INK);
    }
    return sheet;
  }

  private static void fill(BufferedImage sheet, int x, int y, int width, int height, int colour) {
    int[] pixels = new int[width * height];
    Arrays.fill(pixels, colour);
    sheet.setRGB(x, y, width, height, pixels, 0, width);
  }
}
