package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that fails at the n-th change made to it: either the process dies there, so that nothing
 * it does afterwards reaches the disk, or the disk is full until it is given room. A write that
 * fails leaves half of its bytes.
 */
public final class FaultyDisk {
  /** The process is gone. Not an exception that anything handles. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed");
    }
  }

  /** What happens at the n-th change. */
  public enum Fault {
    KILL,
    FULL
  }

  private final Fault fault;
  private final long failAt;
  private final List<FileChannel> open = new ArrayList<>();
  private long changes;
  private boolean dead;
  private boolean full;

  /**
   * @param failAt which change fails, from 1; 0 for none
   */
  public FaultyDisk(Fault fault, long failAt) {
    this.fault = fault;
    this.failAt = failAt;
  }

  /** The same place of the machine's file system, on this disk. */
  public Path path(Path real) {
    return new FaultyPath(new FaultyFileSystem(this), real.toAbsolutePath());
  }

  /** Changes that were made or tried. */
  public long changes() {
    return changes;
  }

  /** Remembers a channel that the end of the process closes. */
  void opened(FileChannel channel) {
    open.add(channel);
  }

  void requireAlive() {
    if (dead) {
      throw new Killed();
    }
  }

  /** One more change: made by the caller, unless this fails. */
  void change(String name) throws IOException {
    requireAlive();
    changes++;
    if (changes == failAt && fault == Fault.KILL) {
      die();
    }
    if (full || (changes == failAt && fault == Fault.FULL)) {
      full = true;
      throw new FileSystemException(name, null, "No space left on device");
    }
  }

  /** As {@link #change}; a write that fails puts half of its bytes to disk before. */
  void write(String name, FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    boolean fails = full || changes + 1 == failAt;
    if (fails && !dead) {
      channel.write(bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2), position);
    }
    change(name);
  }

  private void die() throws IOException {
    dead = true;
    for (FileChannel channel : open) {
      channel.close();
    }
    throw new Killed();
  }
}
