package org.t3jvm.model.media;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** The pictures of the file that is this process's standard input. */
final class MediaInput implements AutoCloseable {
  /** Pixels of a frame: twice those of 8K. */
  static final long MAX_PIXELS = 1L << 26;

  /** Largest block that FFmpeg may ask for: a frame of four 16-bit channels. */
  private static final long MAX_BLOCK = MAX_PIXELS * 8;

  private static final int MAX_STREAMS = 64;
  private static final int PROBE_BYTES = 8 << 20;
  private static final int THREADS = 2;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Why a file's pictures cannot be had, in words that follow the file's name. */
  static final class MediaException extends IOException {
    private static final long serialVersionUID = 1L;

    MediaException(String message) {
      super(message);
    }
  }

  private final AVFormatContext format = new AVFormatContext(null);
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final AVFrame frame = avutil.av_frame_alloc();
  private final AVStream stream;
  private final AVCodecContext codec;
  private boolean drained;

  MediaInput(MediaKind kind) throws IOException {
    Ffmpeg.load();
    avutil.av_max_alloc(MAX_BLOCK);
    open(kind);
    stream = videoStream();
    requireSize();
    codec = openCodec(kind);
  }

  /** No protocol but the descriptor: whatever the file refers to, nothing else can be opened. */
  private void open(MediaKind kind) throws IOException {
    AVDictionary options = new AVDictionary(null);
    set(options, "protocol_whitelist", "fd");
    set(options, "format_whitelist", kind.formats());
    set(options, "codec_whitelist", kind.codecs());
    set(options, "max_streams", String.valueOf(MAX_STREAMS));
    set(options, "probesize", String.valueOf(PROBE_BYTES));
    set(options, "fd", "0");
    int result = avformat.avformat_open_input(format, "fd:", null, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      throw new MediaException(kind.refusal());
    }
    if (avformat.avformat_find_stream_info(format, (PointerPointer<?>) null) < 0) {
      throw new MediaException("is damaged: its streams cannot be read");
    }
  }

  private static void set(AVDictionary options, String name, String value) {
    avutil.av_dict_set(options, name, value, 0);
  }

  private AVStream videoStream() throws MediaException {
    int index =
        avformat.av_find_best_stream(
            format, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
    if (index < 0) {
      throw new MediaException("has no pictures in it");
    }
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != index) {
        format.streams(i).discard(avcodec.AVDISCARD_ALL);
      }
    }
    return format.streams(index);
  }

  private void requireSize() throws MediaException {
    long pixels = (long) stream.codecpar().width() * stream.codecpar().height();
    if (pixels > MAX_PIXELS) {
      throw new MediaException(
          "has frames of %dx%d, at most %d pixels are read"
              .formatted(stream.codecpar().width(), stream.codecpar().height(), MAX_PIXELS));
    }
  }

  private AVCodecContext openCodec(MediaKind kind) throws IOException {
    AVCodec decoder = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
    if (decoder == null) {
      throw new MediaException("is coded in a way that this FFmpeg does not read");
    }
    AVCodecContext context = avcodec.avcodec_alloc_context3(decoder);
    Ffmpeg.check(
        "reading the stream", avcodec.avcodec_parameters_to_context(context, stream.codecpar()));
    context.pkt_timebase(stream.time_base());
    context.thread_count(THREADS);
    AVDictionary options = new AVDictionary(null);
    set(options, "codec_whitelist", kind.codecs());
    set(options, "max_pixels", String.valueOf(MAX_PIXELS));
    int result = avcodec.avcodec_open2(context, decoder, options);
    avutil.av_dict_free(options);
    if (result < 0) {
      throw new MediaException(
          "is coded as %s, which is not read".formatted(decoder.name().getString()));
    }
    return context;
  }

  /**
   * How the pictures are to be turned: the first two columns of the display matrix, {@code [a b; c
   * d]} with {@code x' = a x + c y} and {@code y' = b x + d y}, by their signs.
   */
  int[] turn() {
    AVPacketSideData data =
        avcodec.av_packet_side_data_get(
            stream.codecpar().coded_side_data(),
            stream.codecpar().nb_coded_side_data(),
            avcodec.AV_PKT_DATA_DISPLAYMATRIX);
    if (data == null || data.size() < 9 * Integer.BYTES) {
      return new int[] {1, 0, 0, 1};
    }
    IntPointer matrix = new IntPointer(data.data());
    return new int[] {
      Integer.signum(matrix.get(0)),
      Integer.signum(matrix.get(1)),
      Integer.signum(matrix.get(3)),
      Integer.signum(matrix.get(4))
    };
  }

  /** The next frame, valid until the next call; null after the last. */
  @Nullable AVFrame next() throws IOException {
    while (true) {
      int result = avcodec.avcodec_receive_frame(codec, frame);
      if (result >= 0) {
        requireStandardRange();
        return frame;
      }
      if (result == avutil.AVERROR_EOF) {
        return null;
      }
      if (result != avutil.AVERROR_EAGAIN() || drained) {
        throw new MediaException("is damaged: a frame cannot be decoded");
      }
      feed();
    }
  }

  /** Light of high dynamic range, shown as it is coded, would look pale and wrong. */
  private void requireStandardRange() throws MediaException {
    String transfer =
        switch (frame.color_trc()) {
          case avutil.AVCOL_TRC_SMPTE2084 -> "PQ";
          case avutil.AVCOL_TRC_ARIB_STD_B67 -> "HLG";
          default -> null;
        };
    if (transfer != null) {
      throw new MediaException(
          "is of high dynamic range (%s); convert it to BT.709 first".formatted(transfer));
    }
  }

  private void feed() throws IOException {
    int read;
    do {
      avcodec.av_packet_unref(packet);
      read = avformat.av_read_frame(format, packet);
    } while (read >= 0 && packet.stream_index() != stream.index());
    // A file that is cut short ends where it ends.
    drained = read < 0;
    int sent = avcodec.avcodec_send_packet(codec, drained ? null : packet);
    avcodec.av_packet_unref(packet);
    if (sent < 0 && sent != avutil.AVERROR_INVALIDDATA()) {
      throw new MediaException("is damaged: a frame cannot be decoded");
    }
  }

  /** When {@code shown} is shown; {@code otherwise} if the file does not say. */
  long nanos(AVFrame shown, long otherwise) {
    long time = shown.best_effort_timestamp();
    return time == avutil.AV_NOPTS_VALUE ? otherwise : toNanos(time);
  }

  /** How long {@code shown} is shown; 0 if the file does not say. */
  long durationNanos(AVFrame shown) {
    return toNanos(Math.max(0, shown.duration()));
  }

  private long toNanos(long time) {
    AVRational base = stream.time_base();
    return Math.round((double) time * base.num() / Math.max(1, base.den()) * NANOS_PER_SECOND);
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(frame);
    avcodec.avcodec_free_context(codec);
    avformat.avformat_close_input(format);
  }
}
