package org.t3jvm.model.image;

import org.t3jvm.job.ImageFit;

/** Pictures that are brought to the aspect ratio of a frame. */
public final class FittedImage {
  private FittedImage() {}

  /** The picture with the aspect ratio of {@code height} x {@code width}, to the nearest pixel. */
  public static RgbImage of(ImageFit fit, RgbImage image, int height, int width) {
    if (fit == ImageFit.STRETCH) {
      return image;
    }
    long across = (long) image.width() * height;
    long down = (long) image.height() * width;
    // Of the two sizes of that ratio, one lies within the picture and one around it.
    boolean widthStays = fit == ImageFit.COVER ? across <= down : across >= down;
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
