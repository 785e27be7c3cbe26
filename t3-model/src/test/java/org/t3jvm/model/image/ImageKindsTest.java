package org.t3jvm.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.job.ImageFit;

/** Pictures as phones, printers and browsers leave them. */
class ImageKindsTest {
  private static final int WIDTH = 24;
  private static final int HEIGHT = 16;

  @TempDir Path dir;

  private Path resource(String name, String as) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ImageKindsTest.class.getResourceAsStream("/images/" + name))) {
      Path file = dir.resolve(as);
      Files.copy(in, file);
      return file;
    }
  }

  @Test
  void inksOfAJpegGiveTheColoursTheyWereMadeOf() throws IOException {
    RgbImage inks = ImageFile.read(resource("cols_cmyk.jpg", "a.jpg"));
    RgbImage colours = ImageFile.read(resource("cols.png", "a.png"));
    assertThat(inks.width()).isEqualTo(colours.width());
    int worst = 0;
    for (int i = 0; i < inks.rgb().length; i++) {
      worst = Math.max(worst, Math.abs((inks.rgb()[i] & 0xFF) - (colours.rgb()[i] & 0xFF)));
    }
    // JPEG's own loss; light taken for linear was 60 levels off.
    assertThat(worst).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.webp", "a.png", "a.jpeg"})
  void aWebpImageIsReadWhateverItsName(String name) throws IOException {
    RgbImage image = ImageFile.read(resource("webp.webp", name));
    assertThat(image.height()).isEqualTo(48);
    assertThat(image.width()).isEqualTo(64);
  }

  @Test
  void damagedWebpImagesAreReadOrRefusedInOneLine() throws IOException {
    byte[] whole = Files.readAllBytes(resource("webp.webp", "a.webp"));
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      for (int i = 0; i < 3; i++) {
        damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt();
      }
      Path file = Files.write(dir.resolve("damaged.webp"), damaged);
      try {
        assertThat(ImageFile.read(file).rgb()).as("seed %d", seed).isNotEmpty();
      } catch (IOException e) {
        assertThat(e).as("seed %d", seed).message().contains(file.toString()).doesNotContain("\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"heic, HEIC", "mif1, HEIC", "avif, AVIF"})
  void kindsThatAreNotReadAreNamed(String brand, String kind) throws IOException {
    byte[] head =
        ("\0\0\0\u0018ftyp" + brand + "\0\0\0\0mif1heic").getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(dir.resolve("photo.jpg"), head);
    assertThatThrownBy(() -> ImageFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage("'%s' is a %s image, whatever its name; save it as PNG or JPEG", file, kind);
  }

  /** Where EXIF says that the stored first row and first column are: top, right, bottom or left. */
  @ParameterizedTest
  @CsvSource({
    "1, top, left", "2, top, right", "3, bottom, right", "4, bottom, left",
    "5, left, top", "6, right, top", "7, right, bottom", "8, left, bottom"
  })
  void aPictureIsTurnedAsItsTagSays(int number, String firstRow, String firstColumn)
      throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, i);
    }
    Path plain = dir.resolve("a.png");
    ImageIO.write(image, "png", plain.toFile());
    Path png =
        Files.write(
            dir.resolve("tagged.png"), withChunk(Files.readAllBytes(plain), "eXIf", tiff(number)));
    RgbImage shown = ImageFile.read(png);
    boolean turned = firstRow.equals("left") || firstRow.equals("right");
    assertThat(shown.width()).isEqualTo(turned ? HEIGHT : WIDTH);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int row = along(firstRow, y, HEIGHT);
        int column = along(firstColumn, x, WIDTH);
        int at = ((turned ? column : row) * shown.width() + (turned ? row : column)) * 3;
        int level = (shown.rgb()[at + 1] & 0xFF) << 8 | (shown.rgb()[at + 2] & 0xFF);
        assertThat(level).as("%d, %d", x, y).isEqualTo(y * WIDTH + x);
      }
    }
    Path jpeg = dir.resolve("a.jpg");
    ImageIO.write(image, "jpg", jpeg.toFile());
    RgbImage stored = ImageFile.read(jpeg);
    Files.write(jpeg, withSegment(Files.readAllBytes(jpeg), tiff(number)));
    assertThat(ImageFile.read(jpeg).rgb()).isEqualTo(Orientation.ofExif(number).turn(stored).rgb());
  }

  private static int along(String side, int index, int length) {
    return side.equals("top") || side.equals("left") ? index : length - 1 - index;
  }

  /** One directory of one tag, a short. */
  private static byte[] tiff(int orientation) {
    return ByteBuffer.allocate(26)
        .put("MM\0*".getBytes(StandardCharsets.ISO_8859_1))
        .putInt(8)
        .putShort((short) 1)
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  private static byte[] withSegment(byte[] jpeg, byte[] tiff) {
    return ByteBuffer.allocate(jpeg.length + tiff.length + 10)
        .put(jpeg, 0, 2)
        .putShort((short) 0xFFE1)
        .putShort((short) (tiff.length + 8))
        .put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1))
        .put(tiff)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  private static byte[] withChunk(byte[] png, String type, byte[] body) {
    int header = 8 + 25;
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    return ByteBuffer.allocate(png.length + body.length + 12)
        .put(png, 0, header)
        .putInt(body.length)
        .put(name)
        .put(body)
        .putInt((int) crc.getValue())
        .put(png, header, png.length - header)
        .array();
  }

  /** Levels of linear light are those of sRGB after its published curve. */
  @Test
  void coloursOfAProfileAreTurnedIntoSrgb() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_INT_RGB);
    for (int level = 0; level < 256; level++) {
      image.setRGB(level, 0, level * 0x10101);
    }
    Path plain = dir.resolve("plain.png");
    ImageIO.write(image, "png", plain.toFile());
    byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    Path tagged =
        Files.write(
            dir.resolve("linear.png"),
            withChunk(Files.readAllBytes(plain), "iCCP", embedded(linear)));
    byte[] rgb = ImageFile.read(tagged).rgb();
    for (int i = 0; i < rgb.length; i++) {
      int level = i / 3;
      double light = level / 255.0;
      double coded = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
      assertThat(rgb[i] & 0xFF)
          .as("byte %d", i)
          .isCloseTo((int) Math.round(255 * coded), Offset.offset(2));
    }
    byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    Files.write(tagged, withChunk(Files.readAllBytes(plain), "iCCP", embedded(srgb)));
    assertThat(ImageFile.read(tagged).rgb()).isEqualTo(ImageFile.read(plain).rgb());
    Files.write(
        tagged, withChunk(Files.readAllBytes(plain), "iCCP", embedded(Arrays.copyOf(linear, 200))));
    assertThatThrownBy(() -> ImageFile.read(tagged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("linear.png")
        .hasMessageContaining("its colour profile cannot be read")
        .hasMessageContaining("save it as sRGB");
  }

  /**
   * A profile as PNG embeds it: a name, a zero each for its end and for deflate, the packed bytes.
   */
  private static byte[] embedded(byte[] profile) {
    Deflater deflater = new Deflater();
    deflater.setInput(profile);
    deflater.finish();
    byte[] packed = new byte[profile.length + 64];
    int length = deflater.deflate(packed);
    deflater.end();
    return ByteBuffer.allocate(length + 6)
        .put("name".getBytes(StandardCharsets.US_ASCII))
        .put(new byte[2])
        .put(packed, 0, length)
        .array();
  }

  @Test
  void aPictureFitsAFrame() {
    byte[] rgb = new byte[4 * 8 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 + 1);
    }
    RgbImage wide = new RgbImage(4, 8, rgb);
    assertThat(FittedImage.of(ImageFit.STRETCH, wide, 16, 16)).isEqualTo(wide);
    RgbImage cover = FittedImage.of(ImageFit.COVER, wide, 16, 16);
    assertThat(cover.width()).isEqualTo(4);
    assertThat(cover.height()).isEqualTo(4);
    assertThat(cover.rgb()[0]).as("two columns are cut off on the left").isEqualTo((byte) 3);
    RgbImage contain = FittedImage.of(ImageFit.CONTAIN, wide, 16, 16);
    assertThat(contain.width()).isEqualTo(8);
    assertThat(contain.height()).isEqualTo(8);
    assertThat(contain.rgb()[2 * 8 * 3]).as("two rows of black are above").isEqualTo((byte) 1);
    assertThat(contain.rgb()[2 * 8 * 3 - 1]).isZero();
    RgbImage tall = FittedImage.of(ImageFit.COVER, wide, 20, 10);
    assertThat(tall.width()).isEqualTo(2);
    assertThat(tall.height()).isEqualTo(4);
  }
}
