package org.t3jvm.model.media;

import java.io.DataOutput;
import java.io.IOException;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/** Decoded frames of one size and pixel format to RGB, by the matrix that they are tagged with. */
final class RgbRows implements AutoCloseable {
  private static final int FLAGS =
      swscale.SWS_BICUBIC
          | swscale.SWS_ACCURATE_RND
          | swscale.SWS_FULL_CHR_H_INT
          | swscale.SWS_BITEXACT;

  /** Rows from which on players take untagged video for HD, whose matrix is BT.709. */
  private static final int HD_HEIGHT = 720;

  private final int width;
  private final int height;
  private final int format;
  private final byte[] row;
  private final AVFrame rgb = avutil.av_frame_alloc();
  private final @Nullable SwsContext scaler;

  /** A converter for frames like {@code first}. */
  RgbRows(AVFrame first) throws IOException {
    width = first.width();
    height = first.height();
    format = first.format();
    row = new byte[Math.multiplyExact(width, 3)];
    scaler =
        swscale.sws_getContext(
            width,
            height,
            format,
            width,
            height,
            avutil.AV_PIX_FMT_RGB24,
            FLAGS,
            null,
            null,
            (DoublePointer) null);
    try {
      prepare(first);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void prepare(AVFrame first) throws IOException {
    if (scaler == null) {
      throw new IOException("no conversion to RGB for %dx%d".formatted(width, height));
    }
    boolean colours =
        (avutil.av_pix_fmt_desc_get(format).flags() & avutil.AV_PIX_FMT_FLAG_RGB) == 0;
    if (colours) {
      IntPointer matrix = swscale.sws_getCoefficients(matrix(first));
      int full = first.color_range() == avutil.AVCOL_RANGE_JPEG ? 1 : 0;
      // Formats such as grey take no matrix and say so: there is nothing to set then.
      swscale.sws_setColorspaceDetails(scaler, matrix, full, matrix, 1, 0, 1 << 16, 1 << 16);
    }
    rgb.width(width);
    rgb.height(height);
    rgb.format(avutil.AV_PIX_FMT_RGB24);
    Ffmpeg.check("allocating a frame", avutil.av_frame_get_buffer(rgb, 0));
  }

  private int matrix(AVFrame frame) {
    return switch (frame.colorspace()) {
      case avutil.AVCOL_SPC_BT709 -> swscale.SWS_CS_ITU709;
      case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> swscale.SWS_CS_BT2020;
      case avutil.AVCOL_SPC_SMPTE240M -> swscale.SWS_CS_SMPTE240M;
      case avutil.AVCOL_SPC_FCC -> swscale.SWS_CS_FCC;
      case avutil.AVCOL_SPC_UNSPECIFIED ->
          height >= HD_HEIGHT ? swscale.SWS_CS_ITU709 : swscale.SWS_CS_ITU601;
      default -> swscale.SWS_CS_ITU601;
    };
  }

  /** Whether a frame is of the size and format that this converts. */
  boolean takes(AVFrame frame) {
    return frame.width() == width && frame.height() == height && frame.format() == format;
  }

  /** Writes the frame as [height, width, 3] uint8. */
  void write(AVFrame frame, DataOutput out) throws IOException {
    Ffmpeg.check(
        "colour conversion",
        swscale.sws_scale(
            scaler, frame.data(), frame.linesize(), 0, height, rgb.data(), rgb.linesize()));
    BytePointer rows = rgb.data(0);
    int stride = rgb.linesize(0);
    for (int y = 0; y < height; y++) {
      rows.position((long) y * stride).get(row);
      out.write(row);
    }
  }

  @Override
  public void close() {
    avutil.av_frame_free(rgb);
    if (scaler != null) {
      swscale.sws_freeContext(scaler);
    }
  }
}
