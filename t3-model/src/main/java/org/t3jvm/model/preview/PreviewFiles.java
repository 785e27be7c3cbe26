package org.t3jvm.model.preview;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.t3jvm.event.Pictures;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.Mp4Writer;
import org.t3jvm.model.video.PngFile;

/**
 * The preview beside an output: {@code fox.preview.mp4}, which lasts as long as the video, and
 * {@code fox.preview.png}, a strip of at most four frames. Each is replaced as a whole.
 */
public final class PreviewFiles implements PreviewSink {
  private static final int STRIP = 4;

  private final Path video;
  private final Path strip;
  private final double fps;

  /**
   * Files beside an output.
   *
   * @param out of the run, as a user types it: a video or a folder
   * @param fps of the video; a latent frame lasts for four of its frames
   */
  public PreviewFiles(String out, double fps) {
    this.video = beside(out, ".preview.mp4");
    this.strip = beside(out, ".preview.png");
    this.fps = fps / VaeConfig.TEMPORAL_FACTOR;
  }

  /** The file beside an output that has its name, without {@code .mp4}, and another ending. */
  public static Path beside(String out, String ending) {
    Path output = Path.of(out).toAbsolutePath().normalize();
    String name = String.valueOf(output.getFileName());
    boolean folder = out.endsWith("/") || out.endsWith(File.separator);
    int dot = folder ? -1 : name.lastIndexOf('.');
    return output.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
  }

  /** The animated preview. */
  public Path video() {
    return video;
  }

  /** The strip of frames. */
  public Path strip() {
    return strip;
  }

  @Override
  public void show(Pictures pictures) throws IOException {
    PngFile.write(strip, pictures.strip(STRIP));
    try (FrameSink sink =
        new Mp4Writer(video, pictures.width(), pictures.height(), fps, Map.of())) {
      for (byte[] frame : pictures.frames()) {
        sink.write(frame);
      }
      sink.finish();
    }
  }
}
