package org.t3jvm.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;

/**
 * A file system that renames onto no file that is there: {@code refuses:} says so, as HDFS does,
 * and {@code throws:} throws, as S3's does.
 */
public abstract class StrictFileSystem extends MirrorFileSystem {
  private final String scheme;

  StrictFileSystem(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public URI getUri() {
    return URI.create(scheme + ":///");
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return exists(to) ? refuse(to) : super.rename(from, to);
  }

  abstract boolean refuse(Path there) throws IOException;

  /** {@code refuses:}. */
  public static final class Refusing extends StrictFileSystem {
    public Refusing() {
      super("refuses");
    }

    @Override
    boolean refuse(Path there) {
      return false;
    }
  }

  /** {@code throws:}. */
  public static final class Throwing extends StrictFileSystem {
    public Throwing() {
      super("throws");
    }

    @Override
    boolean refuse(Path there) throws IOException {
      throw new FileAlreadyExistsException("'%s' exists".formatted(there));
    }
  }
}
