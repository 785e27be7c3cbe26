package org.t3jvm.model.image;

/** How a picture of another aspect ratio is brought to that of a frame. */
public enum ImageFit {
  /** Width and height are scaled each by its own factor, as upstream does. */
  STRETCH,
  /** What passes the frame is cut off, alike on both sides. */
  COVER,
  /** What lacks of the frame is black, alike on both sides. */
  CONTAIN;

  /** The picture with the aspect ratio of {@code height} x {@code width}, to the nearest pixel. */
  public RgbImage apply(RgbImage image, int height, int width) {
    if (this == STRETCH) {
      return image;
    }
    long across = (long) image.width() * height;
    long down = (long) image.height() * width;
    // Of the two sizes of that ratio, one lies within the picture and one around it.
    boolean widthStays = this == COVER ? across <= down : across >= down;
    int toWidth = widthStays ? image.width() : nearest((double) down / height);
    int toHeight = widthStays ? nearest((double) across / width) : image.height();
    return centred(image, toHeight, toWidth);
  }

  private static int nearest(double size) {
    return Math.max(1, Math.toIntExact(Math.round(size)));
  }

  private static RgbImage centred(RgbImage image, int height, int width) {
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(height, width), RgbImage.COLOURS)];
    int rows = Math.min(height, image.height());
    int columns = Math.min(width, image.width());
    for (int y = 0; y < rows; y++) {
      int from =
          pixel(image.width(), (image.height() - rows) / 2 + y, (image.width() - columns) / 2);
      int to = pixel(width, (height - rows) / 2 + y, (width - columns) / 2);
      System.arraycopy(image.rgb(), from, rgb, to, columns * RgbImage.COLOURS);
    }
    return new RgbImage(height, width, rgb);
  }

  private static int pixel(int width, int y, int x) {
    return (y * width + x) * RgbImage.COLOURS;
  }
}
