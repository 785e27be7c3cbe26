package org.t3jvm.model.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads a picture from a file of any kind that the JDK knows, such as PNG or JPEG. */
public final class ImageFile {
  /** More would not be a picture that somebody took, and would not fit into an array. */
  private static final long MAX_PIXELS = 178_000_000;

  /** What the JPEG library says, in any locale, before it paints the rest grey. */
  private static final String MISSING_DATA = "premature end of data";

  private ImageFile() {}

  /**
   * The picture in a file. Transparency is dropped and orientation tags are ignored, as upstream
   * does.
   *
   * @throws IOException naming the file if there is none, or it is no picture or a damaged one
   */
  public static RgbImage read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("'%s' is no file; give a PNG or JPEG image".formatted(file));
    }
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      if (in == null) {
        throw new IOException("'%s' cannot be read".formatted(file));
      }
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("'%s' is no image; give a PNG or JPEG file".formatted(file));
      }
      return read(file, readers.next(), in);
    }
  }

  private static RgbImage read(Path file, ImageReader reader, ImageInputStream in)
      throws IOException {
    boolean[] cutShort = new boolean[1];
    try {
      reader.setInput(in, true, true);
      reader.addIIOReadWarningListener(
          (source, warning) -> cutShort[0] |= warning.contains(MISSING_DATA));
      long pixels = (long) reader.getHeight(0) * reader.getWidth(0);
      if (pixels > MAX_PIXELS) {
        throw new IOException(
            "it has %d x %d pixels, at most %d are read"
                .formatted(reader.getWidth(0), reader.getHeight(0), MAX_PIXELS));
      }
      BufferedImage image = reader.read(0);
      if (cutShort[0]) {
        throw new EOFException();
      }
      return new RgbImage(image.getHeight(), image.getWidth(), rgb(image));
    } catch (IOException | RuntimeException e) {
      throw new IOException("image '%s' cannot be read: %s".formatted(file, reason(e)), e);
    } finally {
      reader.dispose();
    }
  }

  private static String reason(Exception e) {
    if (e instanceof EOFException) {
      return "it is cut short";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static byte[] rgb(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
        ? grey(image)
        : colour(image);
  }

  private static byte[] colour(BufferedImage image) {
    int width = image.getWidth();
    byte[] rgb = new byte[image.getHeight() * width * RgbImage.COLOURS];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int argb : image.getRGB(0, y, width, 1, row, 0, width)) {
        rgb[at++] = (byte) (argb >> 16);
        rgb[at++] = (byte) (argb >> 8);
        rgb[at++] = (byte) argb;
      }
    }
    return rgb;
  }

  /** Java takes grey levels for linear light and would change them; upstream copies them. */
  private static byte[] grey(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int highest = (1 << model.getComponentSize(0)) - 1;
    byte[] rgb = new byte[image.getHeight() * width * RgbImage.COLOURS];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int level : raster.getSamples(0, y, width, 1, 0, row)) {
        byte grey = (byte) Math.round(level * 255.0 / highest);
        for (int c = 0; c < RgbImage.COLOURS; c++) {
          rgb[at++] = grey;
        }
      }
    }
    return rgb;
  }
}
