package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;

/** The frames of a video file, decoded by FFmpeg; sound and all else in the file is passed over. */
final class VideoFileReader implements FrameSource {
  private final Path file;
  private final FFmpegFrameGrabber grabber;
  private @Nullable RgbConverter converter;

  /**
   * Opens a file.
   *
   * @throws IOException if FFmpeg does not read it, or there is no picture in it
   */
  VideoFileReader(Path file) throws IOException {
    this.file = file;
    Ffmpeg.load();
    // The prefix keeps a colon in a path from being read as a protocol.
    grabber = new FFmpegFrameGrabber("file:" + file);
    grabber.setImageMode(FrameGrabber.ImageMode.RAW);
    try {
      start();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void start() throws IOException {
    try {
      grabber.start();
    } catch (FrameGrabber.Exception e) {
      throw new IOException(
          "'%s' is no video that FFmpeg reads; give an MP4 or the like, or a folder of PNG frames"
              .formatted(file),
          e);
    }
    if (!grabber.hasVideo()) {
      throw new IOException("'%s' has no pictures in it".formatted(file));
    }
    double rotation = grabber.getDisplayRotation();
    if (rotation != 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "'%s' is to be shown turned by %.0f degrees, which is not supported; turn it first",
              file,
              rotation));
    }
  }

  @Override
  public @Nullable RgbImage next() throws IOException {
    Frame frame;
    try {
      frame = grabber.grabImage();
    } catch (FrameGrabber.Exception e) {
      throw new IOException("video '%s' cannot be read further".formatted(file), e);
    }
    if (frame == null) {
      return null;
    }
    AVFrame planes = (AVFrame) frame.opaque;
    if (converter == null) {
      converter = new RgbConverter(planes);
    }
    if (!converter.takes(planes)) {
      throw new IOException(
          "video '%s' changes its size or pixel format on its way".formatted(file));
    }
    return converter.convert(planes);
  }

  @Override
  public void close() {
    if (converter != null) {
      converter.close();
      converter = null;
    }
    try {
      grabber.close();
    } catch (FrameGrabber.Exception e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
