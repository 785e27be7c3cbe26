package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunInUseException;

/** Keeps a state folder to one process; the system frees it when the process ends, however. */
public final class FolderLock implements AutoCloseable {
  static final String NAME = "lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the folder if it is not there, and takes it. */
  public static FolderLock create(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException(
          "%s: cannot be written, there is no folder %s; create it first"
              .formatted(folder, parent));
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw new IOException(
            "%s: the run's state cannot be written, there is a file of that name".formatted(folder),
            e);
      }
    } catch (AccessDeniedException e) {
      throw new IOException(
          "%s: the run's state cannot be written, no permission to write in %s"
              .formatted(folder, parent),
          e);
    } catch (FileSystemException e) {
      throw new IOException(
          "%s: the run's state cannot be written, %s takes no new folder".formatted(folder, parent),
          e);
    }
    return take(folder);
  }

  /**
   * Takes a folder.
   *
   * @throws RunInUseException if another run has it
   */
  public static FolderLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            StateFiles.plain(folder, NAME),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    if (lock(channel) == null) {
      channel.close();
      throw new RunInUseException(folder);
    }
    return new FolderLock(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
