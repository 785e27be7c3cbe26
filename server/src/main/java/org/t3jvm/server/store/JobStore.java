package org.t3jvm.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.json.RecordJson;

/**
 * The folder of a server's jobs: {@code jobs/ID/} with {@code job.json}, the files that the job
 * starts from, its run's state and its video. A folder appears and disappears in one step, {@code
 * job.json} is replaced in one step, and one process at a time has the store.
 */
public final class JobStore implements AutoCloseable {
  private static final String RECORD = "job.json";
  private static final String ORDER = "order.json";
  private static final String DELETED = "deleted";
  private static final String NEW = ".new-";
  private static final String OLD = ".old-";

  private final Path folder;
  private final Path jobs;
  private final Path uploads;
  private final FileChannel lock;

  private JobStore(Path folder, FileChannel lock) {
    this.folder = folder;
    this.jobs = folder.resolve("jobs");
    this.uploads = folder.resolve("uploads");
    this.lock = lock;
  }

  /**
   * Takes a folder, which is made if it is not there, and removes what a killed server left half
   * done.
   *
   * @throws IOException if it cannot be written, or another server has it
   */
  public static JobStore open(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    Files.createDirectories(absolute);
    FileChannel channel =
        FileChannel.open(
            absolute.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      if (!lock(channel)) {
        throw new IOException("'%s' is in use by another t3 serve".formatted(folder));
      }
      JobStore store = new JobStore(absolute, channel);
      Files.createDirectories(store.jobs);
      delete(store.uploads);
      Files.createDirectories(store.uploads);
      return store;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Every job, oldest first.
   *
   * @param notes gets a line for each folder that is no job, which stays as it is
   */
  public List<StoredJob> load(Consumer<String> notes) throws IOException {
    List<StoredJob> found = new ArrayList<>();
    for (Path each : children(jobs)) {
      String name = String.valueOf(each.getFileName());
      if (name.startsWith(NEW) || name.startsWith(OLD) || Files.exists(each.resolve(DELETED))) {
        delete(each);
      } else if (JobIds.isId(name)) {
        try {
          found.add(read(each, name));
        } catch (IOException e) {
          notes.accept("job %s cannot be read and is skipped: %s".formatted(name, e.getMessage()));
        }
      }
    }
    found.sort(Comparator.comparing(StoredJob::id));
    return found;
  }

  private static StoredJob read(Path folder, String name) throws IOException {
    StoredJob job = RecordJson.read(Files.readString(folder.resolve(RECORD)), StoredJob.class);
    require(job.job(), "job");
    require(job.status(), "status");
    require(job.times(), "times");
    require(job.times().created(), "times.created");
    if (!name.equals(job.id())) {
      throw new IOException("job.json is that of " + job.id());
    }
    return job;
  }

  /** What JSON lacks is null in a record, whatever its type says. */
  private static void require(@Nullable Object value, String field) throws IOException {
    if (value == null) {
      throw new IOException(field + " is missing");
    }
  }

  /**
   * Ids of jobs in the order that somebody has put them in; empty if nobody did.
   *
   * @param notes gets a line if the order cannot be read
   */
  public List<String> order(Consumer<String> notes) {
    Path file = folder.resolve(ORDER);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return Arrays.asList(RecordJson.read(Files.readString(file), String[].class));
    } catch (IOException e) {
      notes.accept(
          "order.json cannot be read, the queue is in the order of arrival: " + e.getMessage());
      return List.of();
    }
  }

  /** Keeps the order of the jobs that wait. */
  public void keepOrder(List<String> ids) throws IOException {
    AtomicFile.replace(folder.resolve(ORDER), RecordJson.mapper().writeValueAsBytes(ids));
  }

  /**
   * Adds a job.
   *
   * @param files that it starts from, by their names in its folder; they are moved there
   */
  public void create(StoredJob job, Map<String, Path> files) throws IOException {
    Path part = jobs.resolve(NEW + job.id());
    Files.createDirectory(part);
    try {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        Files.move(file.getValue(), part.resolve(file.getKey()));
      }
      write(part, job);
      Files.move(part, folder(job.id()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(part);
      throw e;
    }
    AtomicFile.sync(jobs);
  }

  /** Replaces what is known of a job. */
  public void write(StoredJob job) throws IOException {
    write(folder(job.id()), job);
  }

  private static void write(Path folder, StoredJob job) throws IOException {
    AtomicFile.replace(folder.resolve(RECORD), RecordJson.mapper().writeValueAsBytes(job));
  }

  /** The folder of a job. */
  public Path folder(String id) {
    return jobs.resolve(id);
  }

  /** True if somebody has removed the folder of a job. */
  public boolean isGone(String id) {
    return Files.isDirectory(jobs) && Files.notExists(folder(id));
  }

  /** Notes that a job is to be gone after a restart, while its files are still in use. */
  public void markDeleted(String id) throws IOException {
    AtomicFile.replace(folder(id).resolve(DELETED), new byte[0]);
  }

  /** Removes a job and all of its files; what cannot be removed now is after a restart. */
  public void delete(String id) throws IOException {
    Path old = jobs.resolve(OLD + id);
    Files.move(folder(id), old, StandardCopyOption.ATOMIC_MOVE);
    try {
      delete(old);
    } catch (IOException e) {
      // Under that name no server takes it for a job.
    }
  }

  /** A new empty file for what somebody sends; gone after a restart. */
  public Path upload() throws IOException {
    return Files.createTempFile(uploads, "upload", "");
  }

  /** Bytes of disk that are free. */
  public long usableBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children(path)) {
        delete(child);
      }
    }
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
