package org.t3jvm.spark.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * The folder of the videos, on any file system. A video is made on a disk, its state beside it, and
 * appears under its name whole: on the local file system it is made in the folder itself, for
 * another in {@code work} and then copied under a hidden name and renamed.
 */
public final class VideoFolder {
  private static final String PART = ".part";
  private static final Pattern LEFTOVER = Pattern.compile("\\..+\\.mp4\\..+\\.part");

  private final org.apache.hadoop.fs.Path folder;
  private final FileSystem files;
  private final boolean local;
  private final Path work;

  private VideoFolder(
      org.apache.hadoop.fs.Path folder, FileSystem files, boolean local, Path work) {
    this.folder = folder;
    this.files = files;
    this.local = local;
    this.work = work;
  }

  /**
   * A folder, which is created if it is not there.
   *
   * @param uri its name in full
   * @param work where videos of another file system than the local one are made
   */
  public static VideoFolder open(String uri, Path work, Configuration conf) throws IOException {
    Optional<Path> local = Uris.local(uri);
    org.apache.hadoop.fs.Path folder = Uris.path(uri);
    FileSystem files = Uris.fileSystem(folder, conf);
    if (local.isPresent()) {
      Files.createDirectories(local.get());
    } else if (!files.mkdirs(folder)) {
      throw new IOException("folder '%s' cannot be created".formatted(uri));
    }
    return new VideoFolder(
        folder, files, local.isPresent(), Files.createDirectories(local.orElse(work)));
  }

  /** The name of a video in full. */
  public String uri(String name) {
    return new org.apache.hadoop.fs.Path(folder, name).toString();
  }

  /** Whether a video is there. */
  public boolean has(String name) throws IOException {
    return files.exists(new org.apache.hadoop.fs.Path(folder, name));
  }

  /** Looks at a video on the local disk. */
  public interface Look {
    boolean at(Path video) throws IOException;
  }

  /** What a look at a video that is there says. */
  public boolean look(String name, Look look) throws IOException {
    if (local) {
      return look.at(work.resolve(name));
    }
    Path copies = Files.createTempDirectory(work, "look");
    Path copy = copies.resolve(name);
    try {
      files.copyToLocalFile(
          false,
          new org.apache.hadoop.fs.Path(folder, name),
          new org.apache.hadoop.fs.Path(copy.toUri()),
          true);
      return look.at(copy);
    } finally {
      Files.deleteIfExists(copy);
      Files.delete(copies);
    }
  }

  /** Where a video is made. */
  public Path place(String name) {
    return work.resolve(name);
  }

  /**
   * Brings a video that was made to its place. If another attempt's is there meanwhile, that stays;
   * both are the same.
   *
   * @param attempt tells attempts of one video apart
   */
  public void publish(String name, String attempt) throws IOException {
    if (local) {
      return;
    }
    Path made = place(name);
    org.apache.hadoop.fs.Path part =
        new org.apache.hadoop.fs.Path(folder, "." + name + "." + attempt + PART);
    org.apache.hadoop.fs.Path whole = new org.apache.hadoop.fs.Path(folder, name);
    try {
      files.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(made.toUri()), part);
      if (!files.exists(whole) && !renamed(part, whole) && !files.exists(whole)) {
        throw new IOException("'%s' cannot be written".formatted(whole));
      }
    } catch (FileNotFoundException e) {
      // Another attempt on this node has brought the same video, and tidied up behind both.
      if (!files.exists(whole)) {
        throw e;
      }
    } finally {
      files.delete(part, false);
    }
    Files.deleteIfExists(made);
  }

  /** False if a file is there already: some file systems say so, and some throw. */
  private boolean renamed(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Deletes what attempts that were killed have left of copies of these videos. */
  public void deleteLeftovers() throws IOException {
    if (local) {
      return;
    }
    for (FileStatus file : files.listStatus(folder)) {
      String name = file.getPath().getName();
      if (LEFTOVER.matcher(name).matches()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** A file of the folder that is written whole or not at all. */
  public void write(String name, byte[] bytes) throws IOException {
    org.apache.hadoop.fs.Path whole = new org.apache.hadoop.fs.Path(folder, name);
    org.apache.hadoop.fs.Path part = new org.apache.hadoop.fs.Path(folder, "." + name + PART);
    files.setWriteChecksum(false);
    try (var out = files.create(part, true)) {
      out.write(bytes);
    }
    replace(part, whole);
  }

  /** Renames a file or folder over one that may be there. */
  private void replace(org.apache.hadoop.fs.Path part, org.apache.hadoop.fs.Path whole)
      throws IOException {
    boolean folderThere = files.exists(whole) && files.getFileStatus(whole).isDirectory();
    if (folderThere || !renamed(part, whole)) {
      files.delete(whole, true);
      if (renamed(part, whole)) {
        return;
      }
      throw new IOException("'%s' cannot be written".formatted(whole));
    }
  }

  /** Writes a folder under a hidden name, then renames it. */
  public void writeFolder(String name, FolderWriter writer) throws IOException {
    org.apache.hadoop.fs.Path part = new org.apache.hadoop.fs.Path(folder, "." + name + PART);
    files.delete(part, true);
    writer.write(part.toString());
    replace(part, new org.apache.hadoop.fs.Path(folder, name));
  }

  /** Writes a folder of a name. */
  public interface FolderWriter {
    void write(String uri) throws IOException;
  }

  /** The bytes of a file of the folder; empty if it is not there. */
  public Optional<byte[]> read(String name) throws IOException {
    org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(folder, name);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (var in = files.open(file)) {
      return Optional.of(in.readAllBytes());
    }
  }
}
