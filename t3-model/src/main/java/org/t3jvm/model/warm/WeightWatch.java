package org.t3jvm.model.warm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.loaders.io.FileLease;

/**
 * Notices that a file whose weights are mapped is being written over, before a run reads what is no
 * longer there (which ends a process) or is of another model (which no one would see).
 *
 * <p>Where the system gives a lease, the writer waits until the run has ended at its next block. A
 * thread looks for that ten times a second, and for a change of size or time where there is no
 * lease. A file that was replaced by a rename, or deleted, is another one: what is mapped stays.
 *
 * <p>Safe for use by several threads.
 */
public final class WeightWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;

  /** A file as it was when it was opened. */
  private record Watched(
      Path path, @Nullable Object key, long size, FileTime time, Optional<FileLease> lease) {
    static Watched of(Path path) throws IOException {
      // The lease first: what is read after it stays so.
      Optional<FileLease> lease = FileLease.take(path);
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return new Watched(path, now.fileKey(), now.size(), now.lastModifiedTime(), lease);
    }

    boolean changed() {
      if (lease.isPresent()) {
        return lease.get().contested();
      }
      try {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return Objects.equals(now.fileKey(), key)
            && (now.size() != size || !now.lastModifiedTime().equals(time));
      } catch (IOException e) {
        return false;
      }
    }
  }

  private final List<Watched> files = new ArrayList<>();
  private volatile @Nullable Path changed;
  private int readers;
  private boolean closed;

  private WeightWatch() {}

  /** Watches nothing. */
  static WeightWatch none() {
    return new WeightWatch();
  }

  /**
   * Watches files from now on.
   *
   * @throws IOException if one cannot be read
   */
  public static WeightWatch of(List<Path> files) throws IOException {
    WeightWatch watch = new WeightWatch();
    try {
      for (Path file : files) {
        watch.files.add(Watched.of(file));
      }
    } catch (IOException e) {
      watch.close();
      throw e;
    }
    Thread thread = new Thread(watch::look, "t3-weight-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private synchronized void look() {
    while (!closed) {
      find();
      if (changed != null && readers == 0) {
        release();
        return;
      }
      try {
        wait(PERIOD_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void find() {
    if (changed == null) {
      changed = files.stream().filter(Watched::changed).map(Watched::path).findFirst().orElse(null);
    }
  }

  private void release() {
    files.forEach(file -> file.lease.ifPresent(FileLease::close));
  }

  /**
   * Reads weights, in a program that runs or is compiled.
   *
   * @throws RunFailedException if a file is being changed
   */
  <R> R reading(Supplier<R> work) {
    synchronized (this) {
      check();
      readers++;
    }
    try {
      return work.get();
    } catch (InternalError fault) {
      synchronized (this) {
        find();
      }
      check();
      throw fault;
    } finally {
      synchronized (this) {
        readers--;
        notifyAll();
      }
    }
  }

  /**
   * Called while weights are being read, where the work can be left.
   *
   * @throws RunFailedException if a file is being changed
   */
  void check() {
    if (changed != null) {
      throw new RunFailedException(
          "%s: another program is writing this file, whose weights are in use; put it back as it was"
              .formatted(changed));
    }
  }

  /** Writers of the files wait no longer. */
  @Override
  public synchronized void close() {
    closed = true;
    release();
    notifyAll();
  }
}
