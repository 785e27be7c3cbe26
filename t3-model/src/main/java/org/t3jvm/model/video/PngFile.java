package org.t3jvm.model.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageOutputStream;

/** One picture to a PNG file. */
public final class PngFile {
  private PngFile() {}

  /**
   * Writes a file that appears when it is whole, in place of one that was there.
   *
   * @throws IOException naming the file, if it cannot be written
   */
  public static void write(Path target, BufferedImage image) throws IOException {
    PendingOutput output = output(target);
    Path temporary = output.sibling(".part");
    try {
      try (var stream = new FileImageOutputStream(temporary.toFile())) {
        if (!ImageIO.write(image, "png", stream)) {
          throw new IOException("this JDK has no PNG writer");
        }
      }
      Files.move(
          temporary,
          output.path(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw output.failure(e);
    } finally {
      PendingOutput.deleteQuietly(temporary);
    }
  }

  /**
   * Fails if there is no folder for a file, or a folder in its place.
   *
   * @throws IOException naming the file
   */
  public static void requireRoom(Path target) throws IOException {
    output(target);
  }

  private static PendingOutput output(Path target) throws IOException {
    PendingOutput output = new PendingOutput(target);
    if (Files.isDirectory(output.path())) {
      throw output.failure("it is a folder", null);
    }
    return output;
  }
}
