package org.t3jvm.spark.files;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.t3jvm.loaders.io.Digest;

/**
 * Copies of files and folders on this node's disk, made once and shared by all executors of the
 * node. A copy belongs to the names, lengths and times of its source: a source that changes is
 * copied anew. What the local file system has is used where it is.
 *
 * @param folder of the copies
 */
public record NodeCache(Path folder, Configuration conf) {
  private static final int KEY_LENGTH = 24;

  /** Executors that share a JVM share its file locks, which then exclude none of them. */
  private static final Object IN_THIS_JVM = new Object();

  /**
   * The file or folder of a name in full, on this node.
   *
   * @throws IOException if it is not there or cannot be copied
   */
  public Path local(String uri) throws IOException {
    Path own = Uris.local(uri).orElse(null);
    if (own != null) {
      if (!Files.exists(own)) {
        throw new IOException("'%s' does not exist on %s".formatted(uri, host()));
      }
      return own;
    }
    org.apache.hadoop.fs.Path source = Uris.path(uri);
    FileSystem files = Uris.fileSystem(source, conf);
    Path copy = folder.resolve(key(files, source)).resolve(source.getName());
    synchronized (IN_THIS_JVM) {
      Path entry = Files.createDirectories(folder).resolve(String.valueOf(parent(copy)));
      Path lock = entry.resolveSibling(entry.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!Files.exists(copy)) {
          copy(files, source, entry);
        }
      }
    }
    return copy;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private void copy(FileSystem files, org.apache.hadoop.fs.Path source, Path entry)
      throws IOException {
    Path part = entry.resolveSibling(entry.getFileName() + "." + tag() + ".part");
    Files.createDirectories(part);
    org.apache.hadoop.fs.Path to = new org.apache.hadoop.fs.Path(part.toUri());
    files.copyToLocalFile(false, source, new org.apache.hadoop.fs.Path(to, source.getName()), true);
    Files.move(part, entry, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String tag() {
    return Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /** Of the source's name and of each of its files' names, lengths and times. */
  private static String key(FileSystem files, org.apache.hadoop.fs.Path source) throws IOException {
    String listing = String.join("", listing(files, source));
    return Digest.sha256(listing.getBytes(StandardCharsets.UTF_8)).substring(0, KEY_LENGTH);
  }

  private static List<String> listing(FileSystem files, org.apache.hadoop.fs.Path source)
      throws IOException {
    FileStatus status = files.getFileStatus(source);
    List<String> lines = new ArrayList<>();
    if (status.isFile()) {
      lines.add(line(status));
      return lines;
    }
    RemoteIterator<LocatedFileStatus> all = files.listFiles(source, true);
    while (all.hasNext()) {
      lines.add(line(all.next()));
    }
    lines.sort(null);
    return lines;
  }

  private static String line(FileStatus file) {
    return "%s\t%d\t%d\n".formatted(file.getPath(), file.getLen(), file.getModificationTime());
  }

  /** The name of this node, for messages. */
  static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }
}
