package org.t3jvm.model.vae;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that memory has no room for, in a temporary file that is gone when it is closed or the
 * process ends. The system keeps in memory of it what it can.
 */
public final class SpillFile implements AutoCloseable {
  private static final long PIECE = 1L << 24;

  private final Path path;
  private final FileChannel channel;

  private SpillFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * A new, empty file among the temporary ones.
   *
   * @param holds what it is for, to be found in its name
   */
  public static SpillFile create(String holds) throws IOException {
    Path path = Files.createTempFile("t3-" + holds + "-", ".tmp");
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    return new SpillFile(path, channel);
  }

  /**
   * Writes all of a segment from byte {@code at} of the file on.
   *
   * @throws IOException if it cannot be written, naming the file
   */
  public void write(long at, MemorySegment segment) throws IOException {
    try {
      for (long done = 0; done < segment.byteSize(); ) {
        done += channel.write(piece(segment, done), at + done);
      }
    } catch (IOException e) {
      throw failure("written", e);
    }
  }

  /**
   * Fills a segment from byte {@code at} of the file on.
   *
   * @throws IOException if so much cannot be read, naming the file
   */
  public void read(long at, MemorySegment segment) throws IOException {
    try {
      for (long done = 0; done < segment.byteSize(); ) {
        int count = channel.read(piece(segment, done), at + done);
        if (count < 0) {
          throw new EOFException("it ends at byte " + channel.size());
        }
        done += count;
      }
    } catch (IOException e) {
      throw failure("read", e);
    }
  }

  /**
   * Bytes of the file as memory, which what is written to it goes to.
   *
   * @param at a multiple of 64
   * @throws IOException if the file cannot grow to hold them, naming it
   */
  public MemorySegment map(long at, long bytes, Arena arena) throws IOException {
    try {
      return channel.map(FileChannel.MapMode.READ_WRITE, at, bytes, arena);
    } catch (IOException e) {
      throw failure("mapped", e);
    }
  }

  private static ByteBuffer piece(MemorySegment segment, long from) {
    return segment.asSlice(from, Math.min(PIECE, segment.byteSize() - from)).asByteBuffer();
  }

  private IOException failure(String done, IOException e) {
    return new IOException(
        "temporary file '%s' cannot be %s: %s".formatted(path, done, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
