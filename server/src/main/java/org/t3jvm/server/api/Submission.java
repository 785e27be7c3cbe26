package org.t3jvm.server.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.t3jvm.job.VideoJob;

/**
 * A job that somebody sends, and the files that it starts from.
 *
 * @param job its files named as in {@code files}
 * @param files by the names that they get in the job's folder
 */
record Submission(VideoJob job, Map<String, Path> files) implements AutoCloseable {
  static final String IMAGE = "image";
  static final String VIDEO = "video";

  /** Deletes the files that nobody has moved. */
  @Override
  public void close() throws IOException {
    for (Path file : files.values()) {
      Files.deleteIfExists(file);
    }
  }
}
