package org.t3jvm.model.image;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Arrays;

/** Pictures whose colours are those of an embedded ICC profile, as sRGB. */
final class IccProfile {
  /** A profile's header and its count of tags. */
  private static final int MIN_BYTES = 132;

  private IccProfile() {}

  /**
   * The picture in sRGB. Profiles of grey and of inks are ignored, as upstream ignores all.
   *
   * @throws IOException if the profile is damaged
   */
  static RgbImage toSrgb(RgbImage image, byte[] profile) throws IOException {
    ICC_Profile parsed;
    try {
      if (profile.length < MIN_BYTES) {
        throw new IllegalArgumentException("it is cut short");
      }
      parsed = ICC_Profile.getInstance(profile);
      if (parsed.getColorSpaceType() != ColorSpace.TYPE_RGB) {
        return image;
      }
      return converted(image, new ICC_ColorSpace(parsed));
    } catch (RuntimeException e) {
      throw new IOException(
          "its colour profile cannot be read (%s); save it as sRGB".formatted(e.getMessage()), e);
    }
  }

  private static RgbImage converted(RgbImage image, ICC_ColorSpace space) {
    ComponentColorModel model =
        new ComponentColorModel(
            space, false, false, ComponentColorModel.OPAQUE, DataBuffer.TYPE_BYTE);
    byte[] pixels = image.rgb();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(pixels, pixels.length),
            image.width(),
            image.height(),
            image.width() * RgbImage.COLOURS,
            RgbImage.COLOURS,
            new int[] {0, 1, 2},
            null);
    BufferedImage source = new BufferedImage(model, raster, false, null);
    BufferedImage target =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    new ColorConvertOp(null).filter(source, target);
    byte[] bgr = ((DataBufferByte) target.getRaster().getDataBuffer()).getData();
    byte[] rgb = Arrays.copyOf(bgr, bgr.length);
    for (int i = 0; i < rgb.length; i += RgbImage.COLOURS) {
      rgb[i] = bgr[i + 2];
      rgb[i + 2] = bgr[i];
    }
    return new RgbImage(image.height(), image.width(), rgb);
  }
}
