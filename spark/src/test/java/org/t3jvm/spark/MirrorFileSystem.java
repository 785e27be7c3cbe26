package org.t3jvm.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Stands for a file system that is not the local one: {@code mirror:/a/b} is {@code /a/b}. */
public class MirrorFileSystem extends RawLocalFileSystem {
  private static final String SCHEME = "mirror";

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }

  /** The local file system's own, which ask the system for owners, know none but local names. */
  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    File file = pathToFile(path);
    if (!file.exists()) {
      throw new FileNotFoundException("'%s' does not exist".formatted(path));
    }
    return new FileStatus(
        file.length(),
        file.isDirectory(),
        1,
        getDefaultBlockSize(path),
        file.lastModified(),
        path.makeQualified(getUri(), getWorkingDirectory()));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String[] names = pathToFile(path).list();
    if (names == null) {
      return new FileStatus[] {getFileStatus(path)};
    }
    FileStatus[] all = new FileStatus[names.length];
    for (int i = 0; i < names.length; i++) {
      all[i] = getFileStatus(new Path(path, names[i]));
    }
    return all;
  }

  @Override
  protected void checkPath(Path path) {
    // Every path is of this disk.
  }
}
