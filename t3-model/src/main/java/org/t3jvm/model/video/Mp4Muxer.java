package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.t3jvm.model.media.Ffmpeg;

/**
 * One open MP4 file with one H.264 stream. Every error comes at once or at the latest at finish.
 */
final class Mp4Muxer implements AutoCloseable {
  private final AVFormatContext format = new AVFormatContext(null);
  private final H264Encoder encoder;
  private final AVStream stream;

  /** Opens {@code file}, which may exist, and writes the header. */
  Mp4Muxer(Path file, int width, int height, AVRational fps, Map<String, String> tags)
      throws IOException {
    // The prefix keeps a colon in a path from being read as a protocol.
    String url = "file:" + file;
    Ffmpeg.check("starting MP4", avformat.avformat_alloc_output_context2(format, null, "mp4", url));
    H264Encoder opened = null;
    try {
      boolean globalHeader = (format.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0;
      opened = new H264Encoder(width, height, fps, globalHeader);
      stream = avformat.avformat_new_stream(format, null);
      Ffmpeg.check(
          "starting MP4",
          avcodec.avcodec_parameters_from_context(stream.codecpar(), opened.context()));
      stream.time_base(opened.context().time_base());
      stream.avg_frame_rate(fps);
      format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
      writeHeader(url, tags);
    } catch (IOException e) {
      if (opened != null) {
        opened.close();
      }
      freeFormat();
      throw e;
    }
    encoder = opened;
  }

  private void writeHeader(String url, Map<String, String> tags) throws IOException {
    AVDictionary metadata = new AVDictionary(null);
    tags.forEach((key, value) -> VideoTags.put(metadata, key, value));
    format.metadata(metadata);
    AVIOContext io = new AVIOContext(null);
    Ffmpeg.check("opening", avformat.avio_open2(io, url, avformat.AVIO_FLAG_WRITE, null, null));
    format.pb(io);
    AVDictionary options = new AVDictionary(null);
    avutil.av_dict_set(options, "movflags", "+faststart", 0);
    int result = avformat.avformat_write_header(format, options);
    avutil.av_dict_free(options);
    Ffmpeg.check("writing", result);
  }

  /** rgb [height, width, 3] uint8. */
  void write(byte[] rgb) throws IOException {
    encoder.encode(rgb, this::writePacket);
  }

  private void writePacket(AVPacket packet) throws IOException {
    avcodec.av_packet_rescale_ts(packet, encoder.context().time_base(), stream.time_base());
    packet.stream_index(stream.index());
    Ffmpeg.check("writing", avformat.av_interleaved_write_frame(format, packet));
  }

  /** Writes what the encoder holds and the index, and closes the file. */
  void finish() throws IOException {
    encoder.flush(this::writePacket);
    Ffmpeg.check("writing", avformat.av_write_trailer(format));
    Ffmpeg.check("writing", closeFile());
  }

  private int closeFile() {
    AVIOContext io = format.pb();
    if (io == null) {
      return 0;
    }
    int result = avformat.avio_close(io);
    format.pb(null);
    return result;
  }

  private void freeFormat() {
    closeFile();
    avformat.avformat_free_context(format);
  }

  @Override
  public void close() {
    encoder.close();
    freeFormat();
  }
}
