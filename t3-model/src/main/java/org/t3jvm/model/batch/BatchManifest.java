package org.t3jvm.model.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.core.JacksonException;

/**
 * What became of each prompt, a line of JSON each, in a file that only grows. Several processes may
 * append at once. A line that a killed process left unfinished is dropped by the next append, and
 * not read.
 */
public final class BatchManifest {
  /**
   * One line.
   *
   * @param index of the prompt in its file
   * @param file name of that file; null in manifests of earlier versions
   * @param job that the video was made from
   * @param seconds it took; null for a video of an earlier run that could not write its line
   * @param output the video's file name
   * @param cut what the model did not read of the prompt, in one line; null if it read all of it
   * @param error why there is no video, in one line; null if there is
   */
  public record Entry(
      int index,
      @Nullable String file,
      VideoJob job,
      @Nullable Double seconds,
      String output,
      @Nullable String cut,
      @Nullable String error) {}

  private final Path file;

  public BatchManifest(Path file) {
    this.file = file;
  }

  /** All whole lines, oldest first; none if there is no file. */
  public List<Entry> read() throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.exists(file)) {
      return entries;
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      if (!line.isEmpty()) {
        entries.add(parse(line));
      }
    }
    return entries;
  }

  private Entry parse(String line) throws IOException {
    try {
      return RecordJson.mapper().readValue(line, Entry.class);
    } catch (JacksonException e) {
      throw new IOException(
          "'%s' holds a line that is no entry of a manifest: %s; move the file away"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /** Appends a line, which is on the disk afterwards. */
  public void append(Entry entry) throws IOException {
    byte[] line =
        (RecordJson.mapper().writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      long whole = wholeLines(channel);
      channel.truncate(whole);
      ByteBuffer bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes, whole + bytes.position());
      }
      channel.force(false);
    }
  }

  /** Bytes up to the last line's end. */
  private static long wholeLines(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    long end = channel.size();
    while (end > 0) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        return end;
      }
      end--;
    }
    return 0;
  }
}
