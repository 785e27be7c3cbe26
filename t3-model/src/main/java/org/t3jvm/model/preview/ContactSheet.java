package org.t3jvm.model.preview;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labelled pictures of one size in rows: as many columns as rows, or one more. Places whose picture
 * is still to come are grey.
 */
public final class ContactSheet {
  private static final int MARGIN = 8;
  private static final int LABEL = 30;
  private static final int PAPER = 0x202020;
  private static final int EMPTY = 0x606060;
  private static final int INK = 0xffffff;

  private final List<String> labels;
  private final List<BufferedImage> pictures = new ArrayList<>();

  /** A sheet for that many pictures, in order. */
  public ContactSheet(List<String> labels) {
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
    BufferedImage sheet =
        new BufferedImage(
            columns * (width + MARGIN) + MARGIN,
            rows * (height + LABEL + MARGIN) + MARGIN,
            BufferedImage.TYPE_INT_RGB);
    fill(sheet, 0, 0, sheet.getWidth(), sheet.getHeight(), PAPER);
    for (int i = 0; i < labels.size(); i++) {
      int x = MARGIN + i % columns * (width + MARGIN);
      int y = MARGIN + i / columns * (height + LABEL + MARGIN);
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
