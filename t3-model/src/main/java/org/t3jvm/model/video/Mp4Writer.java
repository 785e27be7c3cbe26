package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.media.Ffmpeg;

/**
 * Frames [height, width, 3] uint8 to an MP4 of H.264 video, yuv420p, index first so that it plays
 * while it loads (SPEC 13). The same frames and tags give the same bytes: no time, version or
 * thread count enters the file.
 */
public final class Mp4Writer implements FrameSink {
  /** One macroblock; libopenh264 takes nothing smaller. */
  private static final int MIN_SIZE = 16;

  private static final int MAX_FPS = 1000;
  private static final int MAX_FPS_DENOMINATOR = 1001;

  private final PendingOutput output;
  private final Path temporary;
  private final int frameBytes;
  private @Nullable Mp4Muxer muxer;
  private long frames;

  /**
   * Starts a video.
   *
   * @param fps frames a second; 29.97 and the like become their fraction
   * @param tags metadata under the keys that MP4 has, such as {@code title} and {@code comment}
   * @throws IllegalArgumentException if width or height is odd or below 16, or fps is not above 0
   *     and at most 1000
   * @throws IOException if the file cannot be written there or no encoder takes the size
   */
  public Mp4Writer(Path target, int width, int height, double fps, Map<String, String> tags)
      throws IOException {
    requireFrame(width, height, fps);
    frameBytes = width * height * 3;
    output = new PendingOutput(target);
    if (Files.isDirectory(output.path())) {
      throw output.failure("it is a folder", null);
    }
    temporary = output.sibling(".part");
    try {
      Ffmpeg.load();
      Files.createFile(temporary);
      AVRational rate = avutil.av_d2q(fps, MAX_FPS_DENOMINATOR);
      muxer = new Mp4Muxer(temporary, width, height, rate, tags);
    } catch (IOException e) {
      close();
      throw output.failure(e);
    }
  }

  private static void requireFrame(int width, int height, double fps) {
    if (nearest(width) != width || nearest(height) != height) {
      throw new IllegalArgumentException(
          "video of %dx%d: H.264 in yuv420p takes even sizes from %d, the nearest is %dx%d"
              .formatted(width, height, MIN_SIZE, nearest(width), nearest(height)));
    }
    if ((long) width * height * 3 > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "video of %dx%d: a frame passes 2 GiB of RGB".formatted(width, height));
    }
    if (!(fps > 0 && fps <= MAX_FPS)) {
      throw new IllegalArgumentException(
          "video of " + fps + " fps: must be above 0 and at most " + MAX_FPS);
    }
  }

  private static int nearest(int size) {
    return Math.max(MIN_SIZE, size & -2);
  }

  @Override
  public void write(byte[] rgb) throws IOException {
    Mp4Muxer open = open();
    if (rgb.length != frameBytes) {
      throw new IllegalArgumentException(
          "a frame takes " + frameBytes + " bytes of RGB, " + rgb.length + " given");
    }
    try {
      open.write(rgb);
      frames++;
    } catch (IOException e) {
      close();
      throw output.failure(e);
    }
  }

  @Override
  public void finish() throws IOException {
    Mp4Muxer open = open();
    try {
      if (frames == 0) {
        throw new IOException("it has no frame");
      }
      open.finish();
      Files.move(temporary, output.path(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw output.failure(e);
    } finally {
      close();
    }
  }

  private Mp4Muxer open() {
    if (muxer == null) {
      throw new IllegalStateException("the video is already finished or closed");
    }
    return muxer;
  }

  @Override
  public void close() {
    if (muxer != null) {
      muxer.close();
      muxer = null;
    }
    PendingOutput.deleteQuietly(temporary);
  }
}
