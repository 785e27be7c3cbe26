package org.t3jvm.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading of pictures: levels as they are stored, and files that are no picture. */
class ImageFileTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final long SEED = 12;

  @TempDir Path dir;

  private Path write(BufferedImage image, String name) throws IOException {
    Path file = dir.resolve(name);
    String format = name.substring(name.lastIndexOf('.') + 1);
    assertThat(ImageIO.write(image, format, file.toFile())).as(format).isTrue();
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void coloursAreTakenAsStoredAndTransparencyIsDropped(int type) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    byte[] rgb = new byte[HEIGHT * WIDTH * 3];
    new Random(SEED).nextBytes(rgb);
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
      int pixel =
          ((rgb[3 * i] & 0xFF) << 16) | ((rgb[3 * i + 1] & 0xFF) << 8) | (rgb[3 * i + 2] & 0xFF);
      image.setRGB(i % WIDTH, i / WIDTH, ((i % 200 + 1) << 24) | pixel);
    }
    RgbImage read = ImageFile.read(write(image, "a.png"));
    assertThat(read.height()).isEqualTo(HEIGHT);
    assertThat(read.width()).isEqualTo(WIDTH);
    assertThat(read.rgb()).as("seed %d", SEED).isEqualTo(rgb);
  }

  @Test
  void greyLevelsAreCopiedToAllColours() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int level = 0; level < 256; level++) {
      image.getRaster().setSample(level, 0, 0, level);
    }
    byte[] rgb = ImageFile.read(write(image, "grey.png")).rgb();
    for (int i = 0; i < rgb.length; i++) {
      assertThat(rgb[i] & 0xFF).as("byte %d", i).isEqualTo(i / 3);
    }
  }

  @Test
  void greyLevelsOfSixteenBitsAreShortened() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] levels = {0, 0x8080, 0xFFFF};
    for (int i = 0; i < 3; i++) {
      image.getRaster().setSample(i, 0, 0, levels[i]);
    }
    assertThat(ImageFile.read(write(image, "grey16.png")).rgb())
        .containsExactly(0, 0, 0, 0x80, 0x80, 0x80, 0xFF, 0xFF, 0xFF);
  }

  @Test
  void jpegsAreRead() throws IOException {
    BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 16; i++) {
      image.setRGB(i % 32, i / 32, 0x4080C0);
    }
    RgbImage read = ImageFile.read(write(image, "plain.jpg"));
    assertThat(read.width()).isEqualTo(32);
    for (int i = 0; i < read.rgb().length; i++) {
      assertThat(read.rgb()[i] & 0xFF).isCloseTo(0x40 * (i % 3 + 1), within(6));
    }
  }

  private static Offset<Integer> within(int levels) {
    return Offset.offset(levels);
  }

  @Test
  void pixelsRunFromMinusOneToOne() {
    RgbImage image = new RgbImage(1, 2, new byte[] {0, (byte) 255, 51, 1, 2, 3});
    float[] pixels = image.pixels().toFloats();
    assertThat(pixels).hasSize(6).startsWith(-1f, 1f);
    assertThat(pixels[2]).isEqualTo(51 * (float) (2.0 / 255) - 1);
    assertThat(image.pixels().segment().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
        .isEqualTo(pixels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void aFileThatIsCutShortIsRefused(String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(SEED);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
    }
    Path file = write(image, "whole." + format);
    byte[] bytes = Files.readAllBytes(file);
    for (int part = 1; part < 4; part++) {
      Files.write(file, Arrays.copyOf(bytes, bytes.length * part / 4));
      assertThatThrownBy(() -> ImageFile.read(file))
          .as("%d of 4 parts", part)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("image '" + file + "' cannot be read");
    }
  }

  @Test
  void damagedBytesAreReadOrRefusedButNeverWorse() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(SEED);
    for (String name : new String[] {"a.png", "a.jpg", "a.gif"}) {
      byte[] bytes = Files.readAllBytes(write(image, name));
      for (int i = 0; i < 200; i++) {
        byte[] damaged = bytes.clone();
        damaged[8 + random.nextInt(damaged.length - 8)] = (byte) random.nextInt(256);
        Path file = Files.write(dir.resolve("damaged"), damaged);
        try {
          assertThat(ImageFile.read(file).rgb()).as("seed %d, %s %d", SEED, name, i).isNotEmpty();
        } catch (IOException e) {
          assertThat(e).hasMessageContaining(file.toString());
        }
      }
    }
  }

  /** A hundred bytes that claim a hundred million pixels would take memory for them. */
  @Test
  void aPngOfMorePixelsThanItsBytesCanHoldIsRefused() throws IOException {
    Path file = dir.resolve("claims.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    ByteBuffer png = ByteBuffer.wrap(Files.readAllBytes(file));
    png.putInt(16, 10_000).putInt(20, 12_000);
    CRC32 check = new CRC32();
    check.update(png.array(), 12, 17);
    png.putInt(29, (int) check.getValue());
    Files.write(file, png.array());
    assertThatThrownBy(() -> ImageFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "it says it has 10000 x 12000 pixels, which its %d bytes cannot hold"
                .formatted(Files.size(file)));
  }

  @Test
  void aFileThatIsNoImageIsNamed() throws IOException {
    Path text = Files.writeString(dir.resolve("a.png"), "no image", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ImageFile.read(text))
        .isInstanceOf(IOException.class)
        .hasMessage("'" + text + "' is no image; give a PNG, JPEG or WebP file");
    Path empty = Files.createFile(dir.resolve("empty.png"));
    assertThatThrownBy(() -> ImageFile.read(empty)).hasMessageContaining("is no image");
    assertThatThrownBy(() -> ImageFile.read(dir)).hasMessageContaining("is no file");
    assertThatThrownBy(() -> ImageFile.read(dir.resolve("none.png")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aBytesCountThatIsNotTheSizesIsRefused() {
    assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("11 bytes are no image of 2x2 pixels");
  }
}
