package org.t3jvm;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.t3jvm.event.Pictures;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;

/** A video in memory. */
public final class Video {
  private final VideoJob job;
  private final Pictures pictures;
  private final double fps;
  private final Map<String, String> tags;

  Video(VideoJob job, Pictures pictures, double fps, Map<String, String> tags) {
    this.job = job;
    this.pictures = pictures;
    this.fps = fps;
    this.tags = Map.copyOf(tags);
  }

  /** The job that makes this video again, with every choice filled in. */
  public VideoJob job() {
    return job;
  }

  /** The frames in order, each [height, width, 3] uint8. */
  public List<byte[]> frames() {
    return pictures.frames();
  }

  /** Pixels. */
  public int height() {
    return pictures.height();
  }

  /** Pixels. */
  public int width() {
    return pictures.width();
  }

  /** Frames a second. */
  public double fps() {
    return fps;
  }

  /** One frame as an image. */
  public BufferedImage image(int frame) {
    return new Pictures(List.of(frames().get(frame)), height(), width()).middle();
  }

  /**
   * Writes the video.
   *
   * @param file an H.264 video whose name ends with {@code .mp4}, or an existing folder for PNG
   *     frames
   * @throws IllegalArgumentException if the name is of neither kind
   * @throws IOException if it cannot be written
   */
  public void writeTo(Path file) throws IOException {
    writeTo(Output.of(file));
  }

  /**
   * Writes the video; an output that is no folder yet becomes one if it is to be of PNG frames.
   *
   * @throws IOException if it cannot be written
   */
  public void writeTo(Output output) throws IOException {
    try (FrameSink sink = VideoWriters.open(output.toString(), width(), height(), fps, tags)) {
      for (byte[] frame : frames()) {
        sink.write(frame);
      }
      sink.finish();
    }
  }
}
