package org.t3jvm.spark.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Names of files anywhere: URIs of Hadoop's file systems, or plain paths of the default one. */
public final class Uris {
  private Uris() {}

  /**
   * A name in full, good on any machine of the cluster.
   *
   * @throws IOException if no file system has such names
   */
  public static String absolute(String name, Configuration conf) throws IOException {
    org.apache.hadoop.fs.Path path = path(name);
    return fileSystem(path, conf).makeQualified(path).toString();
  }

  /** A name that may be given beside that of another file, in full. */
  public static String beside(String file, String name, Configuration conf) throws IOException {
    org.apache.hadoop.fs.Path path = path(name);
    boolean whole = path.isAbsolute() || path.toUri().getScheme() != null;
    return absolute(
        whole ? name : new org.apache.hadoop.fs.Path(path(file).getParent(), path).toString(),
        conf);
  }

  /** The local path of a name in full; empty if another file system than the local one has it. */
  public static Optional<Path> local(String absolute) {
    URI uri = path(absolute).toUri();
    return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri.getPath())) : Optional.empty();
  }

  /** The Hadoop path of a name. */
  static org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(name);
  }

  /**
   * The file system that has a path.
   *
   * @throws IOException in one line, also where Hadoop throws something else
   */
  static FileSystem fileSystem(org.apache.hadoop.fs.Path path, Configuration conf)
      throws IOException {
    try {
      return path.getFileSystem(conf);
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s' cannot be reached: %s".formatted(path, e.getMessage()), e);
    }
  }

  /** The bytes of a file. */
  public static byte[] read(String absolute, Configuration conf) throws IOException {
    org.apache.hadoop.fs.Path path = path(absolute);
    try (var in = fileSystem(path, conf).open(path)) {
      return in.readAllBytes();
    }
  }
}
