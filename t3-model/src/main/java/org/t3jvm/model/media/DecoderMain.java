package org.t3jvm.model.media;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * The decoding process: pictures of the file that is standard input, as {@link Records} to standard
 * output. Started by {@link MediaDecoder}.
 */
public final class DecoderMain {
  private static final int BUFFER = 1 << 16;

  private DecoderMain() {}

  /**
   * Decodes to the end.
   *
   * @param arguments the name of a {@link MediaKind}
   */
  public static void main(String[] arguments) throws IOException {
    ProcessHandle.current().parent().ifPresent(DecoderMain::endWith);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER))) {
      decode(MediaKind.valueOf(arguments[0]), out);
    }
  }

  /** A loop in native code would else outlive the process that waits for it. */
  private static void endWith(ProcessHandle parent) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              parent.onExit().join();
              Runtime.getRuntime().halt(1);
            });
  }

  private static void decode(MediaKind kind, DataOutputStream out) throws IOException {
    try (MediaInput input = new MediaInput(kind)) {
      out.writeByte(Records.OPENED);
      for (int entry : input.turn()) {
        out.writeInt(entry);
      }
      frames(input, out);
      out.writeByte(Records.END);
    } catch (MediaInput.MediaException | Ffmpeg.FfmpegException e) {
      out.writeByte(Records.FAILURE);
      out.writeUTF(String.valueOf(e.getMessage()));
    }
  }

  private static void frames(MediaInput input, DataOutputStream out) throws IOException {
    RgbRows rows = null;
    try {
      long first = 0;
      long next = 0;
      boolean any = false;
      for (AVFrame frame = input.next(); frame != null; frame = input.next()) {
        rows = rowsFor(frame, rows);
        long time = input.nanos(frame, next);
        first = any ? first : time;
        any = true;
        long duration = input.durationNanos(frame);
        next = time + duration;
        out.writeByte(Records.FRAME);
        out.writeInt(frame.height());
        out.writeInt(frame.width());
        out.writeLong(time - first);
        out.writeLong(duration);
        rows.write(frame, out);
        out.flush();
      }
    } finally {
      if (rows != null) {
        rows.close();
      }
    }
  }

  private static RgbRows rowsFor(AVFrame frame, @Nullable RgbRows rows) throws IOException {
    if (rows == null) {
      return new RgbRows(frame);
    }
    if (!rows.takes(frame)) {
      throw new MediaInput.MediaException("changes its size or pixel format on its way");
    }
    return rows;
  }
}
