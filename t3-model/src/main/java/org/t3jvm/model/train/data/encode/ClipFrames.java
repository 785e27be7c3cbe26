package org.t3jvm.model.train.data.encode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.BilinearResize;
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The frames of a video, folder of frames or image, cut to size as upstream does it: bilinear to
 * the smallest size that covers the target, then the centre.
 */
public final class ClipFrames implements AutoCloseable {
  private static final Set<String> IMAGES = Set.of("png", "jpg", "jpeg", "bmp", "gif");

  private final FrameSource source;
  private final int most;
  private final FrameSize size;
  private @Nullable RgbImage first;
  private int given;

  private ClipFrames(FrameSource source, RgbImage first, int most, FrameSize size) {
    this.source = source;
    this.first = first;
    this.most = most;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @throws IOException naming the file if it cannot be read, has no frame or is too small
   */
  public static ClipFrames open(Path file, SizeRule rule) throws IOException {
    FrameSource source =
        isImage(file) ? new StillSource(ImageFile.read(file)) : VideoReaders.open(file);
    try {
      RgbImage first = source.next();
      if (first == null) {
        throw new UnusableClipException("it has no frame");
      }
      FrameSize size = rule.of(new FrameSize(first.height(), first.width()));
      return new ClipFrames(source, first, rule.frames(), size);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return IMAGES.contains(end) && Files.isRegularFile(file);
  }

  /** An image as a video of one frame. */
  private static final class StillSource implements FrameSource {
    private @Nullable RgbImage image;

    StillSource(RgbImage image) {
      this.image = image;
    }

    @Override
    public @Nullable RgbImage next() {
      RgbImage next = image;
      image = null;
      return next;
    }

    @Override
    public void close() {}
  }

  /** Height and width of the frames that are given. */
  public FrameSize size() {
    return size;
  }

  /**
   * The frames of the next latent frame, F32 [1 or 4, height, width, 3] in [-1, 1]; null after the
   * last whole one.
   *
   * @throws IOException if they cannot be read
   */
  public @Nullable Tensor next() throws IOException {
    List<RgbImage> images = nextImages();
    if (images.isEmpty()) {
      return null;
    }
    Shape shape = Shape.of(images.size(), size.height(), size.width(), RgbImage.COLOURS);
    Tensor pixels = Tensor.allocate(DType.F32, shape);
    for (int f = 0; f < images.size(); f++) {
      images.get(f).pixels(pixels.rows(f, 1));
    }
    return pixels;
  }

  /** As {@link #next}, as they are; empty after the last whole latent frame. */
  List<RgbImage> nextImages() throws IOException {
    int count = given == 0 ? 1 : VaeConfig.TEMPORAL_FACTOR;
    if (given + count > most) {
      return List.of();
    }
    List<RgbImage> images = new ArrayList<>();
    for (int f = 0; f < count; f++) {
      RgbImage frame = first != null ? first : source.next();
      first = null;
      if (frame == null) {
        return List.of();
      }
      images.add(cut(frame));
    }
    given += count;
    return images;
  }

  private RgbImage cut(RgbImage frame) {
    double scale =
        Math.max((double) size.height() / frame.height(), (double) size.width() / frame.width());
    int height = Math.max(size.height(), (int) Math.rint(frame.height() * scale));
    int width = Math.max(size.width(), (int) Math.rint(frame.width() * scale));
    RgbImage covering = BilinearResize.resize(frame, height, width);
    int top = (int) Math.rint((height - size.height()) / 2.0);
    int left = (int) Math.rint((width - size.width()) / 2.0);
    byte[] rgb = new byte[size.height() * size.width() * RgbImage.COLOURS];
    int row = size.width() * RgbImage.COLOURS;
    for (int y = 0; y < size.height(); y++) {
      System.arraycopy(
          covering.rgb(), ((top + y) * width + left) * RgbImage.COLOURS, rgb, y * row, row);
    }
    return new RgbImage(size.height(), size.width(), rgb);
  }

  @Override
  public void close() {
    source.close();
  }
}
