package org.t3jvm.model.video;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Frames [height, width, 3] uint8 to a folder of {@code frame_00000.png}, {@code frame_00001.png},
 * ..., without loss, and what a video would have as its comment in {@code settings.json}. The
 * folder appears whole at {@link #finish}; an earlier set of frames in it is replaced, anything
 * else in it is never touched.
 */
public final class PngSequenceWriter implements FrameSink {
  /** Name of the file beside the frames that takes a video's comment. */
  public static final String SETTINGS = "settings.json";

  private static final Pattern OURS =
      Pattern.compile("frame_\\d{5,}\\.png|" + Pattern.quote(SETTINGS));

  private final PendingOutput output;
  private final Path temporary;
  private final @Nullable String comment;
  private final BufferedImage image;
  private int frames;
  private boolean open = true;

  /**
   * Starts a sequence.
   *
   * @param tags as a video's; {@code comment} is kept
   * @throws IllegalArgumentException if width or height is not positive
   * @throws IOException if the folder cannot be made there, or holds files other than such frames
   */
  public PngSequenceWriter(Path target, int width, int height, Map<String, String> tags)
      throws IOException {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "frames of %dx%d: width and height must be at least 1".formatted(width, height));
    }
    output = new PendingOutput(target);
    comment = tags.get("comment");
    requireReplaceable();
    image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    temporary = output.sibling(".part");
    try {
      Files.createDirectory(temporary);
    } catch (IOException e) {
      throw output.failure(e);
    }
  }

  /** True if a folder holds frames that a sequence in it would replace. */
  public static boolean hasFrames(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> OURS.matcher(entry.getFileName().toString()).matches());
    }
  }

  private void requireReplaceable() throws IOException {
    if (!Files.exists(output.path())) {
      return;
    }
    if (!Files.isDirectory(output.path())) {
      throw output.failure("it is a file, not a folder", null);
    }
    try (Stream<Path> entries = Files.list(output.path())) {
      List<String> others =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !OURS.matcher(name).matches())
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new IOException(
            "the folder holds other files (%s); name a new or empty one, or one of earlier frames"
                .formatted(others.getFirst()));
      }
    } catch (IOException e) {
      throw output.failure(e);
    }
  }

  @Override
  public void write(byte[] rgb) throws IOException {
    requireOpen();
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    if (rgb.length != bgr.length) {
      throw new IllegalArgumentException(
          "a frame takes " + bgr.length + " bytes of RGB, " + rgb.length + " given");
    }
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    Path file = temporary.resolve(String.format(Locale.ROOT, "frame_%05d.png", frames));
    try (var stream = new FileImageOutputStream(file.toFile())) {
      if (!ImageIO.write(image, "png", stream)) {
        throw new IOException("this JDK has no PNG writer");
      }
      frames++;
    } catch (IOException e) {
      close();
      throw output.failure(e);
    }
  }

  @Override
  public void finish() throws IOException {
    requireOpen();
    try {
      if (frames == 0) {
        throw output.failure("it has no frame", null);
      }
      requireReplaceable();
      if (comment != null) {
        Files.writeString(temporary.resolve(SETTINGS), comment + "\n");
      }
      replace();
    } finally {
      close();
    }
  }

  private void replace() throws IOException {
    Path target = output.path();
    Path earlier = output.sibling(".old");
    boolean exists = Files.exists(target);
    try {
      if (exists) {
        Files.move(target, earlier, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (exists) {
          Files.move(earlier, target, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
    } catch (IOException e) {
      throw output.failure(e);
    }
    PendingOutput.deleteQuietly(earlier);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the frames are already finished or closed");
    }
  }

  @Override
  public void close() {
    open = false;
    PendingOutput.deleteQuietly(temporary);
  }
}
