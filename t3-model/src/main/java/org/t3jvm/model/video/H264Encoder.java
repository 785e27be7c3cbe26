package org.t3jvm.model.video;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.media.Ffmpeg;

/**
 * RGB frames to H.264 packets, yuv420p in BT.709 and tagged so, the matrix that players assume at
 * HD sizes. One encoder thread and bit-exact scaling: the same frames give the same bytes on any
 * number of cores.
 */
final class H264Encoder implements AutoCloseable {
  /**
   * Encoders in order of preference. libx264 is there only when a user put the GPL build of FFmpeg
   * on the class path, and takes upstream's own setting (SPEC 13: quality 8 is crf 10). The LGPL
   * build has libopenh264, which knows no constant rate factor; holding its quantiser at 10 is its
   * constant-quality mode. On a finely textured clip that gives a luma PSNR of 47.4 dB where crf 10
   * gives 46.6, for half as many bytes again.
   */
  private static final List<Choice> CHOICES =
      List.of(
          new Choice("libx264", -1, Map.of("preset", "medium", "crf", "10")),
          new Choice("libopenh264", 10, Map.of("rc_mode", "quality", "allow_skip_frames", "0")));

  private static final int SCALE_FLAGS =
      swscale.SWS_BICUBIC
          | swscale.SWS_ACCURATE_RND
          | swscale.SWS_FULL_CHR_H_INP
          | swscale.SWS_BITEXACT;

  private record Choice(String name, int quantiser, Map<String, String> options) {}

  private final int width;
  private final int height;
  private final AVCodecContext context;
  private final AVFrame rgb;
  private final AVFrame yuv;
  private final AVPacket packet;
  private final @Nullable SwsContext scaler;
  private long frames;

  /** Receives each packet as it is ready; the packet is the encoder's own. */
  interface PacketSink {
    void accept(AVPacket packet) throws IOException;
  }

  /**
   * Opens the first encoder that works.
   *
   * @throws IOException if there is none, with what each one said
   */
  H264Encoder(int width, int height, AVRational fps, boolean globalHeader) throws IOException {
    this.width = width;
    this.height = height;
    // First, as it may fail, and nothing is there to be freed yet.
    this.context = open(width, height, fps, globalHeader);
    this.rgb = avutil.av_frame_alloc();
    this.yuv = avutil.av_frame_alloc();
    this.packet = avcodec.av_packet_alloc();
    this.scaler =
        swscale.sws_getContext(
            width,
            height,
            avutil.AV_PIX_FMT_RGB24,
            width,
            height,
            avutil.AV_PIX_FMT_YUV420P,
            SCALE_FLAGS,
            null,
            null,
            (DoublePointer) null);
    try {
      prepareFrames();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private static AVCodecContext open(int width, int height, AVRational fps, boolean globalHeader)
      throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Choice choice : CHOICES) {
      AVCodec codec = avcodec.avcodec_find_encoder_by_name(choice.name);
      if (codec == null) {
        refusals.add(choice.name + " is not in this FFmpeg");
        continue;
      }
      AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
      configure(context, choice, width, height, fps, globalHeader);
      AVDictionary options = new AVDictionary(null);
      choice.options.forEach((key, value) -> avutil.av_dict_set(options, key, value, 0));
      int result = avcodec.avcodec_open2(context, codec, options);
      avutil.av_dict_free(options);
      if (result >= 0) {
        return context;
      }
      avcodec.avcodec_free_context(context);
      refusals.add(new Ffmpeg.FfmpegException(choice.name, result).getMessage());
    }
    throw new IOException(
        "no H.264 encoder takes %dx%d: %s".formatted(width, height, String.join(", ", refusals)));
  }

  private static void configure(
      AVCodecContext context,
      Choice choice,
      int width,
      int height,
      AVRational fps,
      boolean globalHeader) {
    context.width(width);
    context.height(height);
    context.pix_fmt(avutil.AV_PIX_FMT_YUV420P);
    context.time_base(avutil.av_inv_q(fps));
    context.framerate(fps);
    // Two seconds between key frames: players seek well, and the cost is a few percent.
    context.gop_size(Math.max(1, (int) Math.round(2 * avutil.av_q2d(fps))));
    context.thread_count(1);
    context.color_range(avutil.AVCOL_RANGE_MPEG);
    context.colorspace(avutil.AVCOL_SPC_BT709);
    context.color_primaries(avutil.AVCOL_PRI_BT709);
    context.color_trc(avutil.AVCOL_TRC_BT709);
    if (choice.quantiser >= 0) {
      context.qmin(choice.quantiser);
      context.qmax(choice.quantiser);
    }
    int flags = context.flags() | avcodec.AV_CODEC_FLAG_BITEXACT;
    context.flags(globalHeader ? flags | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER : flags);
  }

  private void prepareFrames() throws IOException {
    if (scaler == null) {
      throw new IOException("no colour conversion for %dx%d".formatted(width, height));
    }
    IntPointer bt709 = swscale.sws_getCoefficients(swscale.SWS_CS_ITU709);
    Ffmpeg.check(
        "setting the colour matrix",
        swscale.sws_setColorspaceDetails(scaler, bt709, 1, bt709, 0, 0, 1 << 16, 1 << 16));
    allocate(rgb, avutil.AV_PIX_FMT_RGB24);
    allocate(yuv, avutil.AV_PIX_FMT_YUV420P);
    yuv.color_range(context.color_range());
    yuv.colorspace(context.colorspace());
    yuv.color_primaries(context.color_primaries());
    yuv.color_trc(context.color_trc());
  }

  private void allocate(AVFrame frame, int format) throws IOException {
    frame.width(width);
    frame.height(height);
    frame.format(format);
    Ffmpeg.check("allocating a frame", avutil.av_frame_get_buffer(frame, 0));
  }

  AVCodecContext context() {
    return context;
  }

  /** pixels [height, width, 3] uint8: encodes one frame. */
  void encode(byte[] pixels, PacketSink sink) throws IOException {
    BytePointer rows = rgb.data(0);
    int stride = rgb.linesize(0);
    int rowBytes = width * 3;
    for (int y = 0; y < height; y++) {
      rows.position((long) y * stride).put(pixels, y * rowBytes, rowBytes);
    }
    // The encoder may still hold the planes of the frame before.
    Ffmpeg.check("preparing a frame", avutil.av_frame_make_writable(yuv));
    Ffmpeg.check(
        "colour conversion",
        swscale.sws_scale(
            scaler, rgb.data(), rgb.linesize(), 0, height, yuv.data(), yuv.linesize()));
    yuv.pts(frames++);
    send(yuv, sink);
  }

  /** Encodes what is still held back; no frame may follow. */
  void flush(PacketSink sink) throws IOException {
    send(null, sink);
  }

  private void send(@Nullable AVFrame frame, PacketSink sink) throws IOException {
    Ffmpeg.check("H.264 encoding", avcodec.avcodec_send_frame(context, frame));
    while (true) {
      int result = avcodec.avcodec_receive_packet(context, packet);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return;
      }
      Ffmpeg.check("H.264 encoding", result);
      packet.duration(1);
      sink.accept(packet);
    }
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(rgb);
    avutil.av_frame_free(yuv);
    if (scaler != null) {
      swscale.sws_freeContext(scaler);
    }
    avcodec.avcodec_free_context(context);
  }
}
