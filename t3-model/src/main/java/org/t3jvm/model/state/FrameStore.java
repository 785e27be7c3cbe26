package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.t3jvm.model.video.FrameSink;

/**
 * Decoded frames in one file that grows at its end, without loss: each compressed, with its number
 * and a checksum before it. Neighbouring pixels are alike, so what is compressed is each byte less
 * that of the pixel before; of a 4K frame's 25 MB about half remain.
 */
final class FrameStore implements AutoCloseable {
  static final String NAME = "frames.bin";

  private static final int MAGIC = 0x54334652;
  private static final int HEADER = 5 * Integer.BYTES;
  private static final int PIXEL = 3;

  /** No deflated byte becomes more. */
  private static final int MAX_RATIO = 1032;

  private final Path folder;
  private final FileChannel channel;
  private int count;
  private long bytes;

  /**
   * Opens a folder's frames: the first {@code count}, which take {@code bytes}; cuts off others.
   */
  FrameStore(Path folder, int count, long bytes) throws IOException {
    this.folder = folder;
    this.count = count;
    this.bytes = bytes;
    this.channel =
        FileChannel.open(
            StateFiles.plain(folder, NAME),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      requireRecords();
      channel.truncate(bytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Nothing is cut off a file that does not begin with the frames it should hold. */
  private void requireRecords() throws IOException {
    if (channel.size() < bytes) {
      throw damaged();
    }
    long position = 0;
    for (int index = 0; index < count; index++) {
      position += HEADER + compressed(read(position, HEADER), index, position);
    }
    if (position != bytes) {
      throw damaged();
    }
  }

  /** Bytes after a record's header. */
  private int compressed(ByteBuffer header, int index, long position) throws IOException {
    int frame = header.getInt(8);
    int length = header.getInt(12);
    if (header.getInt(0) != MAGIC
        || header.getInt(4) != index
        || length < 0
        || frame < 0
        || frame > (length + 1L) * MAX_RATIO
        || position + HEADER + length > bytes) {
      throw damaged();
    }
    return length;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /** Appends frames, each of the same number of bytes, and forces them to disk. */
  void append(List<byte[]> frames) throws IOException {
    long end = bytes;
    int index = count;
    for (byte[] frame : frames) {
      end += write(end, record(index++, frame));
    }
    channel.force(false);
    count = index;
    bytes = end;
  }

  private int write(long position, ByteBuffer record) throws IOException {
    int written = 0;
    while (record.hasRemaining()) {
      written += channel.write(record, position + written);
    }
    return written;
  }

  /** Magic, frame number, bytes of the frame, compressed bytes, checksum of all else; the bytes. */
  private static ByteBuffer record(int index, byte[] frame) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(differences(frame));
      deflater.finish();
      ByteBuffer record = ByteBuffer.allocate(HEADER + frame.length + frame.length / 100 + 64);
      record.position(HEADER);
      while (!deflater.finished()) {
        deflater.deflate(record);
      }
      record.flip();
      record.putInt(0, MAGIC).putInt(4, index).putInt(8, frame.length);
      record.putInt(12, record.limit() - HEADER).putInt(16, checksum(record));
      return record;
    } finally {
      deflater.end();
    }
  }

  private static int checksum(ByteBuffer record) {
    CRC32C crc = new CRC32C();
    crc.update(record.duplicate().position(0).limit(HEADER - Integer.BYTES));
    crc.update(record.duplicate().position(HEADER));
    return (int) crc.getValue();
  }

  private static byte[] differences(byte[] frame) {
    byte[] differences = frame.clone();
    for (int i = PIXEL; i < frame.length; i++) {
      differences[i] = (byte) (frame[i] - frame[i - PIXEL]);
    }
    return differences;
  }

  /** Writes all frames to {@code sink}. */
  void copyTo(FrameSink sink) throws IOException {
    long position = 0;
    for (int index = 0; index < count; index++) {
      int length = compressed(read(position, HEADER), index, position);
      ByteBuffer record = read(position, HEADER + length);
      if (record.getInt(16) != checksum(record)) {
        throw damaged();
      }
      sink.write(frame(record));
      position += record.limit();
    }
    if (position != bytes) {
      throw damaged();
    }
  }

  private ByteBuffer read(long position, int length) throws IOException {
    if (position + length > bytes) {
      throw damaged();
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw damaged();
      }
    }
    return buffer.flip();
  }

  private byte[] frame(ByteBuffer record) throws IOException {
    byte[] frame = new byte[record.getInt(8)];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(record.position(HEADER));
      if (inflater.inflate(frame) != frame.length) {
        throw damaged();
      }
    } catch (DataFormatException e) {
      throw damaged();
    } finally {
      inflater.end();
    }
    for (int i = PIXEL; i < frame.length; i++) {
      frame[i] += frame[i - PIXEL];
    }
    return frame;
  }

  private IOException damaged() {
    return new IOException(
        "%s: the state is damaged, %s does not hold what was written to it"
            .formatted(folder, NAME));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
