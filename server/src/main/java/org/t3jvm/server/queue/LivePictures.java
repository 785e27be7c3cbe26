package org.t3jvm.server.queue;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Pictures of a run, for the page: {@code preview.jpg} of what the latest step predicts and then of
 * the frame decoded last, {@code thumbnail.jpg} of the middle of the video.
 */
public final class LivePictures implements Consumer<RunEvent> {
  static final String PREVIEW = "preview.jpg";
  static final String THUMBNAIL = "thumbnail.jpg";

  private static final int MAX_SIDE = 640;
  private static final long PAUSE_NANOS = 250_000_000;

  private final Path folder;
  private final Runnable previewed;
  private long last;
  private boolean any;
  private int step;
  private int middle;

  /**
   * Pictures in a job's folder.
   *
   * @param previewed is run after each new preview
   */
  LivePictures(Path folder, Runnable previewed) {
    this.folder = folder;
    this.previewed = previewed;
  }

  @Override
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.StageStarted begun -> middle = begun.steps() / 2;
      case RunEvent.StepStarted begun -> step = begun.step();
      case RunEvent.Preview preview when due() -> {
        write(PREVIEW, preview.pictures().get().middle());
        previewed.run();
      }
      case RunEvent.Computed computed when computed.stage() == Stage.DECODE -> decoded(computed);
      default -> {}
    }
  }

  private void decoded(RunEvent.Computed computed) {
    Tensor frames = computed.tensors().get("frames");
    boolean inMiddle = step == middle;
    if (frames == null || !(inMiddle || due())) {
      return;
    }
    BufferedImage picture = lastFrame(frames);
    if (inMiddle) {
      write(THUMBNAIL, picture);
    }
    write(PREVIEW, picture);
    previewed.run();
  }

  /** True if the last picture is old enough for people to see another. */
  private boolean due() {
    long now = System.nanoTime();
    if (any && now - last < PAUSE_NANOS) {
      return false;
    }
    any = true;
    last = now;
    return true;
  }

  /** Of frames [F, H, W, 3] in [-1, 1]. */
  private static BufferedImage lastFrame(Tensor frames) {
    Shape shape = frames.shape();
    int height = shape.intDim(1);
    int width = shape.intDim(2);
    long first = (long) (shape.intDim(0) - 1) * height * width * 3;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        long at = first + 3L * (y * (long) width + x);
        image.setRGB(
            x, y, (level(frames, at) << 16) | (level(frames, at + 1) << 8) | level(frames, at + 2));
      }
    }
    return image;
  }

  private static int level(Tensor frames, long at) {
    return Math.clamp(Math.round((frames.getDouble(at) + 1) * 127.5), 0, 255);
  }

  /** A picture that cannot be written is no reason to end the run. */
  private void write(String name, BufferedImage picture) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(smaller(picture), "jpg", bytes);
      Path part = folder.resolve("." + name);
      Files.write(part, bytes.toByteArray());
      Files.move(
          part,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The next one may succeed; a full disk ends the run itself, which says so.
    }
  }

  private static BufferedImage smaller(BufferedImage picture) {
    int longer = Math.max(picture.getWidth(), picture.getHeight());
    if (longer <= MAX_SIDE) {
      return picture;
    }
    int width = Math.max(1, picture.getWidth() * MAX_SIDE / longer);
    int height = Math.max(1, picture.getHeight() * MAX_SIDE / longer);
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }

  /**
   * The best picture there is of a job: of a finished one its thumbnail, else its preview.
   *
   * @return null if there is none yet
   */
  public static @Nullable Path of(Path folder, boolean finished) {
    Path thumbnail = folder.resolve(THUMBNAIL);
    Path preview = folder.resolve(PREVIEW);
    if (finished && Files.exists(thumbnail)) {
      return thumbnail;
    }
    return Files.exists(preview) ? preview : null;
  }
}
