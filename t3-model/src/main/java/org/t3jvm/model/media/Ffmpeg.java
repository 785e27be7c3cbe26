package org.t3jvm.model.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;

/** What every use of the FFmpeg libraries needs: loading, silence, and error texts. */
public final class Ffmpeg {
  private Ffmpeg() {}

  /**
   * Loads the native libraries and silences their own log: errors are reported as exceptions.
   *
   * @throws IOException if there are none for this platform, or no folder that is safe to unpack
   *     them in
   */
  public static void load() throws IOException {
    NativesFolder.choose();
    try {
      avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    } catch (LinkageError e) {
      throw new IOException(
          "FFmpeg does not load on %s %s (%s); write PNG frames to a folder instead"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e),
          e);
    }
  }

  /**
   * Passes a result on.
   *
   * @throws FfmpegException if it is an error code
   */
  public static int check(String action, int result) throws FfmpegException {
    if (result < 0) {
      throw new FfmpegException(action, result);
    }
    return result;
  }

  /** A failed call: what was being done, and FFmpeg's or the system's text for the error code. */
  public static final class FfmpegException extends IOException {
    private static final long serialVersionUID = 1L;

    public FfmpegException(String action, int code) {
      super(action + " failed: " + text(code));
    }

    private static String text(int code) {
      byte[] buffer = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
      avutil.av_strerror(code, buffer, buffer.length);
      int length = 0;
      while (length < buffer.length && buffer[length] != 0) {
        length++;
      }
      return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }
  }
}
