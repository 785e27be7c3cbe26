package org.t3jvm.loaders.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.text.Messages;

/**
 * A whole file mapped read-only, of any size, with little-endian accessors.
 *
 * <p>It also keeps account of what a reader of the file allocates, so that no content can make the
 * program take more than twice the file's size plus {@link #BASE_ALLOWANCE}: descriptions of
 * tensors may take the file's size plus that constant, copies of elements may take the file's size.
 *
 * <p>The arena is shared and closed explicitly: any thread may read, and after {@link #close}
 * access fails with an exception instead of reaching unmapped memory.
 */
public final class MappedFile implements AutoCloseable {
  /**
   * Bytes that descriptions may take in excess of the file's size: room for 20,000 small tensors.
   */
  public static final long BASE_ALLOWANCE = 16L << 20;

  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment segment;
  private long descriptionBytes;
  private long copyBytes;

  private MappedFile(Path path, Arena arena, MemorySegment segment) {
    this.path = path;
    this.arena = arena;
    this.segment = segment;
  }

  /**
   * Maps a file.
   *
   * @throws CheckpointException if there is no such regular file or it cannot be read
   */
  public static MappedFile open(Path path) throws CheckpointException {
    if (Files.isDirectory(path)) {
      throw new CheckpointException(path + ": is a folder; a checkpoint file is needed");
    }
    // To open a pipe would wait for whoever writes to it.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new CheckpointException(path + ": is no regular file; a checkpoint file is needed");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment segment = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, arena, segment);
    } catch (IOException | UnsupportedOperationException e) {
      arena.close();
      throw new CheckpointException(path + ": " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      default -> "cannot be mapped: " + Messages.plain(String.valueOf(e.getMessage()));
    };
  }

  public Path path() {
    return path;
  }

  /** Bytes in the file. */
  public long size() {
    return segment.byteSize();
  }

  /** The bytes {@code [offset, offset + length)}; they must lie in the file. */
  public MemorySegment slice(long offset, long length) {
    return segment.asSlice(offset, length);
  }

  public int u8(long offset) {
    return segment.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
  }

  public int u16(long offset) {
    return segment.get(U16, offset) & 0xFFFF;
  }

  public long u32(long offset) {
    return segment.get(U32, offset) & 0xFFFFFFFFL;
  }

  public long i64(long offset) {
    return segment.get(I64, offset);
  }

  /** A copy of {@code length} bytes. */
  public byte[] bytes(long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return bytes;
  }

  /** {@code length} bytes as text; bytes that are not UTF-8 become replacement characters. */
  public String text(long offset, int length) {
    return new String(bytes(offset, length), StandardCharsets.UTF_8);
  }

  /** An error about this file. */
  public CheckpointException error(String what) {
    return new CheckpointException(path + ": " + what);
  }

  /** An error about this file with its cause. */
  public CheckpointException error(String what, Throwable cause) {
    return new CheckpointException(path + ": " + what, cause);
  }

  /**
   * Accounts for heap objects that describe the file's content.
   *
   * @throws CheckpointException if they come to more than the file's size justifies
   */
  public void allowDescription(long bytes) throws CheckpointException {
    descriptionBytes += bytes;
    if (descriptionBytes > size() + BASE_ALLOWANCE) {
      throw error(
          "describes more objects than a file of %d bytes can need; it is damaged or hostile"
              .formatted(size()));
    }
  }

  /**
   * Off-heap memory for a dense copy of elements of this file, freed by {@link #close}.
   *
   * @throws CheckpointException if all copies together exceed the file's size
   */
  public synchronized MemorySegment allocateCopy(String tensor, long bytes)
      throws CheckpointException {
    if (bytes > size() - copyBytes) {
      throw error(
          ("tensor %s is a view that takes %d bytes as a dense copy, and copies would exceed the "
                  + "file's size of %d; save it with .contiguous()")
              .formatted(Messages.quote(tensor), bytes, size()));
    }
    copyBytes += bytes;
    return arena.allocate(Math.max(bytes, 1), 64).asSlice(0, bytes);
  }

  /** Fails if the file has been closed. */
  public void requireOpen() {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(path + ": is closed; its tensors can no longer be used");
    }
  }

  /** Unmaps the file and frees the copies. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
