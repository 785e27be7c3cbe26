package org.t3jvm.model.measure.report;

import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;

/**
 * One frame of a video for a page.
 *
 * @param frame which, from 0
 * @param whole the frame, made small enough for a page
 * @param crop its middle, pixel for pixel
 */
public record Sample(int frame, RgbImage whole, RgbImage crop) {
  private static final int WHOLE = 320;
  private static final int CROP = 160;

  /** picture [height, width, 3]. */
  static Sample of(int frame, RgbImage picture) {
    int longer = Math.max(picture.height(), picture.width());
    double scale = Math.min(1, (double) WHOLE / longer);
    RgbImage whole =
        scale == 1
            ? picture
            : BicubicResize.resize(
                picture,
                Math.max(1, (int) Math.round(picture.height() * scale)),
                Math.max(1, (int) Math.round(picture.width() * scale)));
    return new Sample(frame, whole, middle(picture));
  }

  private static RgbImage middle(RgbImage picture) {
    int height = Math.min(CROP, picture.height());
    int width = Math.min(CROP, picture.width());
    int top = (picture.height() - height) / 2;
    int left = (picture.width() - width) / 2;
    byte[] rgb = new byte[height * width * RgbImage.COLOURS];
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          picture.rgb(),
          ((top + y) * picture.width() + left) * RgbImage.COLOURS,
          rgb,
          y * width * RgbImage.COLOURS,
          width * RgbImage.COLOURS);
    }
    return new RgbImage(height, width, rgb);
  }
}
