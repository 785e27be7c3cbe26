package org.t3jvm.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file that is not whole yet, hidden beside its final name, and a small file that says which of
 * its chunks are there. Several threads may write chunks at once.
 */
final class PartFile implements AutoCloseable {
  /** What the small file holds; of use only for the same content in the same chunks. */
  private record State(String hash, long size, long chunk, List<Integer> done) {}

  private final HubFile file;
  private final Path target;
  private final Path part;
  private final Path stateFile;
  private final long chunk;
  private final Disk disk;
  private final BitSet done = new BitSet();
  private final FileChannel channel;

  /** Opens what an earlier run left, or begins anew if it left nothing of the same content. */
  PartFile(HubFile file, Path target, long chunk, Disk disk) throws IOException {
    this.file = file;
    this.target = target;
    this.part = part(target);
    this.stateFile = target.resolveSibling("." + target.getFileName() + ".part.json");
    this.chunk = chunk;
    this.disk = disk;
    try {
      restore();
      this.channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static Path part(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".part");
  }

  private void restore() throws IOException {
    if (Files.exists(stateFile) && Files.exists(part)) {
      try {
        State state = JsonMapper.shared().readValue(Files.readAllBytes(stateFile), State.class);
        if (state.equals(new State(file.hash().hex(), file.size(), chunk, state.done))) {
          state.done.stream().filter(i -> i >= 0 && i < chunks()).forEach(done::set);
        }
      } catch (JacksonException | NullPointerException e) {
        done.clear();
      }
    }
    if (done.isEmpty()) {
      Files.deleteIfExists(part);
    }
  }

  int chunks() {
    return Math.toIntExact(Math.ceilDiv(file.size(), chunk));
  }

  long start(int index) {
    return index * chunk;
  }

  /** One past the last byte of a chunk. */
  long end(int index) {
    return Math.min(file.size(), (index + 1) * chunk);
  }

  synchronized boolean has(int index) {
    return done.get(index);
  }

  /** Bytes that are there. */
  synchronized long bytes() {
    return done.stream().mapToLong(i -> end(i) - start(i)).sum();
  }

  void write(byte[] bytes, int length, long position) throws IOException {
    try {
      disk.write(channel, ByteBuffer.wrap(bytes, 0, length), position);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Remembers that a chunk is there, also for a later run. */
  synchronized void finished(int index) throws IOException {
    done.set(index);
    save();
  }

  private void save() throws IOException {
    List<Integer> indices = done.stream().boxed().toList();
    State state = new State(file.hash().hex(), file.size(), chunk, indices);
    Path fresh = stateFile.resolveSibling(stateFile.getFileName() + ".new");
    try {
      channel.force(false);
      Files.write(fresh, JsonMapper.shared().writeValueAsBytes(state));
      Files.move(fresh, stateFile, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Checks the content and gives the file its final name.
   *
   * @throws HubException if the content is another than listed; then it is deleted
   */
  void complete() throws IOException {
    try {
      channel.truncate(file.size());
      channel.force(true);
      if (!file.hash().matches(part)) {
        close();
        Files.deleteIfExists(stateFile);
        Files.deleteIfExists(part);
        throw new HubException(
            "'%s' came with other bytes than the server lists (its hash differs) and was deleted; run the same command again"
                .formatted(target));
      }
      close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(stateFile);
    } catch (HubException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private HubException failure(IOException cause) {
    return new HubException(
        "'%s' cannot be written: %s; what was received is kept; run the same command again to resume"
            .formatted(target, cause.getMessage()),
        cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
