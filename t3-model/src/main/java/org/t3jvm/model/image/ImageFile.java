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
import org.t3jvm.model.media.MediaDecoder;
import org.t3jvm.model.media.MediaFrame;
import org.t3jvm.model.media.MediaKind;

/** Reads a picture from a WebP file, or one of any kind that the JDK knows, such as PNG or JPEG. */
public final class ImageFile {
  /** More would not be a picture that somebody took, and would not fit into an array. */
  private static final long MAX_PIXELS = 178_000_000;

  /** Deflate makes at most 1032 bytes of one, and a byte has at most 8 pixels. */
  private static final long PNG_PIXELS_OF_A_BYTE = 1032 * 8;

  /** Components of a JPEG in CMYK. */
  private static final int INKS = 4;

  /** What the JPEG library says, in any locale, before it paints the rest grey. */
  private static final String MISSING_DATA = "premature end of data";

  private ImageFile() {}

  /**
   * The picture in a file, turned as its EXIF tag says, in sRGB. Transparency is dropped, as
   * upstream does.
   *
   * @throws IOException naming the file if there is none, or it is no picture or a damaged one
   */
  public static RgbImage read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("'%s' is no file; give a PNG, JPEG or WebP image".formatted(file));
    }
    ImageTags tags = ImageTags.read(file);
    return switch (tags.kind()) {
      case HEIC, AVIF ->
          throw new IOException(
              "'%s' is a %s image, whatever its name; save it as PNG or JPEG"
                  .formatted(file, tags.kind()));
      case WEBP -> tags.orientation().turn(inSrgb(file, webp(file), tags));
      default -> tags.orientation().turn(inSrgb(file, read(file, tags), tags));
    };
  }

  private static RgbImage inSrgb(Path file, RgbImage image, ImageTags tags) throws IOException {
    if (tags.profile().length == 0) {
      return image;
    }
    try {
      return IccProfile.toSrgb(image, tags.profile());
    } catch (IOException e) {
      throw new IOException("image '%s' cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static RgbImage webp(Path file) throws IOException {
    try (MediaDecoder decoder = new MediaDecoder(file, MediaKind.WEBP)) {
      MediaFrame frame = decoder.next();
      if (frame == null) {
        throw new IOException("image '%s' cannot be read: it is cut short".formatted(file));
      }
      return new RgbImage(frame.height(), frame.width(), frame.rgb());
    }
  }

  private static RgbImage read(Path file, ImageTags tags) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      if (in == null) {
        throw new IOException("'%s' cannot be read".formatted(file));
      }
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("'%s' is no image; give a PNG, JPEG or WebP file".formatted(file));
      }
      return read(file, tags, readers.next(), in);
    }
  }

  private static RgbImage read(Path file, ImageTags tags, ImageReader reader, ImageInputStream in)
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
      if (tags.kind() == ImageTags.Kind.PNG && pixels > in.length() * PNG_PIXELS_OF_A_BYTE) {
        throw new IOException(
            "it says it has %d x %d pixels, which its %d bytes cannot hold"
                .formatted(reader.getWidth(0), reader.getHeight(0), in.length()));
      }
      RgbImage image =
          tags.components() == INKS
              ? Cmyk.toRgb(reader.readRaster(0, null), tags.adobe())
              : image(reader.read(0));
      if (cutShort[0]) {
        throw new EOFException();
      }
      return image;
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

  private static RgbImage image(BufferedImage image) {
    boolean grey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    return new RgbImage(image.getHeight(), image.getWidth(), grey ? grey(image) : colour(image));
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
