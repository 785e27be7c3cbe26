package org.t3jvm.loaders.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.text.Messages;

/**
 * A file that appears under its name only when it is complete: bytes go to a hidden file in the
 * same folder, {@link #commit} forces them and its new name to disk. Closed before that, nothing
 * remains; what a killed process has left, the next file of that name deletes.
 */
public final class AtomicFile implements AutoCloseable {
  private static final long CHUNK = 64L << 20;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final WritableByteChannel way;
  private long position;
  private boolean committed;

  private AtomicFile(Path target, Path temporary, FileChannel channel, WritableByteChannel way) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
    this.way = way;
  }

  /** Starts output files: {@link #create(Path)}, or what watches or limits their bytes. */
  @FunctionalInterface
  public interface Maker {
    AtomicFile create(Path target) throws CheckpointException;
  }

  /**
   * Starts a file.
   *
   * @throws CheckpointException if the folder is missing or not writable, or the name is a folder
   */
  public static AtomicFile create(Path target) throws CheckpointException {
    return create(target, channel -> channel);
  }

  /**
   * As {@link #create(Path)}, with all bytes going through another channel to the file's.
   *
   * @param through makes that channel; it need not be closed
   */
  public static AtomicFile create(Path target, UnaryOperator<WritableByteChannel> through)
      throws CheckpointException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null || Files.isDirectory(absolute)) {
      throw new CheckpointException(target + ": cannot be written, it is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          target + ": cannot be written, there is no folder " + folder + "; create it first");
    }
    long tag = ThreadLocalRandom.current().nextLong();
    Path temporary = folder.resolve("." + name + "." + Long.toHexString(tag) + ".part");
    try {
      deleteLeftovers(folder, name.toString());
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      lock(channel);
      return new AtomicFile(target, temporary, channel, through.apply(channel));
    } catch (AccessDeniedException e) {
      throw new CheckpointException(
          target + ": cannot be written, no permission to create files in " + folder, e);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /**
   * Puts a whole small file in place of the one that is there, if there is one.
   *
   * @throws CheckpointException if it cannot be written; the file is then as it was
   */
  public static void replace(Path target, byte[] bytes) throws CheckpointException {
    try (AtomicFile file = create(target)) {
      file.write(bytes);
      file.commit();
    }
  }

  /** Brings the names in a folder to disk, on systems where a folder can be opened. */
  public static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows: names are durable by other means.
    }
  }

  /** What killed processes have left of a file of this name: nobody holds its lock. */
  private static void deleteLeftovers(Path folder, String name) throws IOException {
    Pattern part = Pattern.compile(Pattern.quote("." + name + ".") + "[0-9a-f]{1,16}\\.part");
    List<Path> found;
    try (Stream<Path> files = Files.list(folder)) {
      found = files.filter(file -> part.matcher(file.getFileName().toString()).matches()).toList();
    }
    for (Path file : found) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      try (FileChannel left = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (lock(left)) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        // Another process has deleted it, or it is another user's.
      }
    }
  }

  /** Whether the file's lock is taken; where there are no locks, nobody has it. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The name under which the file will appear. */
  public Path target() {
    return target;
  }

  /** Bytes written so far. */
  public long position() {
    return position;
  }

  /** Appends bytes. */
  public void write(byte[] bytes) throws CheckpointException {
    write(MemorySegment.ofArray(bytes));
  }

  /** Appends the whole segment, of any size. */
  public void write(MemorySegment bytes) throws CheckpointException {
    try {
      for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
        long length = Math.min(CHUNK, bytes.byteSize() - at);
        ByteBuffer buffer = bytes.asSlice(at, length).asByteBuffer();
        while (buffer.hasRemaining()) {
          position += way.write(buffer);
        }
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Makes the file visible under its name, replacing any file of that name. */
  public void commit() throws CheckpointException {
    try {
      channel.force(true);
      channel.close();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      committed = true;
      sync(temporary.resolveSibling(""));
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Removes what was written, unless it was committed. */
  @Override
  public void close() throws CheckpointException {
    try {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static CheckpointException failure(Path target, IOException e) {
    return new CheckpointException(
        target + ": writing failed: " + Messages.plain(String.valueOf(e.getMessage())), e);
  }
}
