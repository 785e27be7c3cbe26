package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.Orientation;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.media.MediaDecoder;
import org.t3jvm.model.media.MediaFrame;
import org.t3jvm.model.media.MediaKind;

/**
 * The frames of a video file, turned as the file says; sound and all else in the file is ignored.
 * With a rate, frames are taken by time: the k-th is what is shown at {@code k / rate} seconds, to
 * the nearest half of a frame, so frames are repeated or skipped where the rates differ.
 */
final class VideoFileReader implements FrameSource {
  private static final double NANOS_PER_SECOND = 1e9;

  private final MediaDecoder decoder;
  private final Orientation orientation;
  private final double rate;
  private long given;
  private @Nullable MediaFrame shown;
  private @Nullable MediaFrame ahead;
  private @Nullable RgbImage picture;

  /**
   * Opens a file.
   *
   * @param rate frames a second to give; 0 for each frame once
   * @throws IOException if FFmpeg does not read it, or there is no picture in it
   */
  VideoFileReader(Path file, double rate) throws IOException {
    this.rate = rate;
    decoder = new MediaDecoder(file, MediaKind.VIDEO);
    try {
      orientation =
          Orientation.ofMatrix(decoder.turn())
              .orElseThrow(
                  () ->
                      new IOException(
                          "'%s' is to be shown at an angle that is no multiple of 90 degrees; turn it first"
                              .formatted(file)));
      ahead = decoder.next();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public @Nullable RgbImage next() throws IOException {
    if (rate == 0) {
      advance();
    } else {
      while (ahead != null && index(ahead.startNanos()) <= given) {
        advance();
      }
      if (ahead == null && shown != null && given >= end(shown)) {
        shown = null;
      }
    }
    given++;
    if (shown == null) {
      return null;
    }
    if (picture == null) {
      picture = orientation.turn(new RgbImage(shown.height(), shown.width(), shown.rgb()));
    }
    return picture;
  }

  private void advance() throws IOException {
    shown = ahead;
    picture = null;
    ahead = ahead == null ? null : decoder.next();
  }

  /** The first frame to give that lies at or after a time. */
  private long index(long nanos) {
    return Math.round(nanos * rate / NANOS_PER_SECOND);
  }

  /** One past the last frame to give, where {@code last} is the file's last. */
  private long end(MediaFrame last) {
    long start = last.startNanos();
    long end = last.durationNanos() > 0 ? index(start + last.durationNanos()) : index(start) + 1;
    return Math.max(1, end);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
