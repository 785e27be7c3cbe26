package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.model.image.RgbImage;

/** The PNG files of a folder, by name, as {@link PngSequenceWriter} leaves them. */
final class PngSequenceReader implements FrameSource {
  private final Path folder;
  private final Iterator<Path> files;
  private int height = -1;
  private int width = -1;

  /**
   * Lists the files.
   *
   * @throws IOException if there are none
   */
  PngSequenceReader(Path folder) throws IOException {
    this.folder = folder;
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> frames = entries.filter(PngSequenceReader::isFrame).sorted().toList();
      if (frames.isEmpty()) {
        throw new IOException(
            "folder '%s' has no .png files; give a video, or a folder of its frames"
                .formatted(folder));
      }
      files = frames.iterator();
    }
  }

  private static boolean isFrame(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") && !name.startsWith(".");
  }

  @Override
  public @Nullable RgbImage next() throws IOException {
    if (!files.hasNext()) {
      return null;
    }
    Path file = files.next();
    RgbImage image = ImageFile.read(file);
    if (height < 0) {
      height = image.height();
      width = image.width();
    } else if (image.height() != height || image.width() != width) {
      throw new IOException(
          "'%s' is %dx%d, the frames before it in '%s' are %dx%d; all must be of one size"
              .formatted(file, image.width(), image.height(), folder, width, height));
    }
    return image;
  }

  @Override
  public void close() {
    // Every file is closed once it is read.
  }
}
