package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;

/** Lossless videos of RGB frames in Matroska, written by JavaCV. */
public final class TestVideo implements AutoCloseable {
  private final FFmpegFrameRecorder recorder;
  private final int width;
  private final int height;

  /**
   * Starts a video.
   *
   * @param transfer FFmpeg's name of the transfer characteristics
   */
  public TestVideo(Path file, int width, int height, double rate, String transfer)
      throws IOException {
    this.width = width;
    this.height = height;
    recorder = new FFmpegFrameRecorder(file.toFile(), width, height);
    recorder.setFormat("matroska");
    recorder.setVideoCodec(avcodec.AV_CODEC_ID_FFV1);
    recorder.setPixelFormat(avutil.AV_PIX_FMT_BGR0);
    recorder.setFrameRate(rate);
    recorder.setVideoOption("color_trc", transfer);
    recorder.start();
  }

  /** A video of SDR frames. */
  public TestVideo(Path file, int width, int height, double rate) throws IOException {
    this(file, width, height, rate, "bt709");
  }

  /** Appends rgb [height, width, 3] uint8, to be shown after {@code micros}. */
  public void write(byte[] rgb, long micros) throws IOException {
    recorder.setTimestamp(micros);
    Frame frame = new Frame(width, height, Frame.DEPTH_UBYTE, 3);
    ByteBuffer rows = (ByteBuffer) frame.image[0];
    for (int y = 0; y < height; y++) {
      rows.put(y * frame.imageStride, rgb, y * width * 3, width * 3);
    }
    recorder.record(frame, avutil.AV_PIX_FMT_RGB24);
  }

  @Override
  public void close() throws FrameRecorder.Exception {
    recorder.close();
  }
}
