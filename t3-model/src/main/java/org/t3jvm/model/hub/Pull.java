package org.t3jvm.model.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A repository's files into a folder. Files appear under their names when they are whole and
 * verified; the parts of others that an interrupted run received are kept, and the next run resumes
 * there.
 *
 * @param repo as {@code Wan-AI/Wan2.1-T2V-1.3B}
 * @param revision branch, tag or commit
 * @param filter which files
 * @param folder where they go
 */
public record Pull(String repo, String revision, PathFilter filter, Path folder) {
  /** Bytes of a chunk: what a killed run loses at most of each connection. */
  static final long CHUNK = 32L << 20;

  private static final Pattern REPO = Pattern.compile("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)?");

  /**
   * How it is downloaded.
   *
   * @param connections at once
   * @param chunk bytes of a range
   */
  public record Transfer(int connections, long chunk, Disk disk) {
    /** On this machine's disk. */
    public static Transfer of(int connections) {
      return new Transfer(connections, CHUNK, Disk.REAL);
    }
  }

  /** What came of it. */
  public record Result(int downloaded, int present, long bytes) {}

  /**
   * @throws IllegalArgumentException if {@code repo} is no repository's name
   */
  public Pull {
    if (!REPO.matcher(repo).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no repository, such as Wan-AI/Wan2.1-T2V-1.3B".formatted(repo));
    }
  }

  /** The folder's name when none is given: the repository's without its owner. */
  public static Path defaultFolder(String repo) {
    return Path.of(repo.substring(repo.lastIndexOf('/') + 1));
  }

  /**
   * Downloads what is not there yet.
   *
   * @throws IOException in one line: no such repository, no access, no connection, no space
   */
  public Result run(HubClient client, Transfer transfer, PullListener listener) throws IOException {
    List<HubFile> wanted =
        Listing.of(client, repo, revision).stream().filter(f -> filter.wants(f.path())).toList();
    if (wanted.isEmpty()) {
      throw new HubException("repository '%s' has no file that is wanted".formatted(repo));
    }
    long bytes = total(wanted);
    Files.createDirectories(folder);
    listener.begin(wanted.size(), bytes);
    List<HubFile> missing = new ArrayList<>();
    long needed = 0;
    for (HubFile file : wanted) {
      if (isThere(file)) {
        listener.progressed(file.size());
        listener.finished(file.path());
      } else {
        missing.add(file);
        needed += file.size() - kept(file, transfer);
      }
    }
    requireSpace(needed, transfer.disk());
    for (HubFile file : missing) {
      download(client, file, transfer, listener);
      listener.finished(file.path());
    }
    return new Result(missing.size(), wanted.size() - missing.size(), bytes);
  }

  private long total(List<HubFile> wanted) throws HubException {
    long bytes = 0;
    for (HubFile file : wanted) {
      bytes += file.size();
      if (bytes < 0) {
        throw new HubException(
            "repository '%s' lists more bytes than any disk holds".formatted(repo));
      }
    }
    return bytes;
  }

  private boolean isThere(HubFile file) throws IOException {
    Path target = folder.resolve(file.path());
    return Files.isRegularFile(target)
        && Files.size(target) == file.size()
        && file.hash().matches(target);
  }

  private PartFile open(HubFile file, Transfer transfer) throws IOException {
    Path target = folder.resolve(file.path());
    Files.createDirectories(target.toAbsolutePath().getParent());
    return new PartFile(file, target, transfer.chunk(), transfer.disk());
  }

  private long kept(HubFile file, Transfer transfer) throws IOException {
    if (file.size() == 0) {
      return 0;
    }
    try (PartFile part = open(file, transfer)) {
      return part.bytes();
    }
  }

  private void requireSpace(long needed, Disk disk) throws IOException {
    long free = disk.free(folder);
    if (needed > free) {
      throw new HubException(
          "%.1f GB are to be written to '%s', where %.1f GB are free"
              .formatted(needed / 1e9, folder, free / 1e9));
    }
  }

  private void download(HubClient client, HubFile file, Transfer transfer, PullListener listener)
      throws IOException {
    if (file.size() == 0) {
      makeEmpty(file);
      return;
    }
    String path =
        "/%s/resolve/%s/%s"
            .formatted(
                HubClient.encodePath(repo),
                HubClient.encode(revision),
                HubClient.encodePath(file.path()));
    try (PartFile part = open(file, transfer)) {
      listener.progressed(part.bytes());
      new FileDownload(client, client.uri(path, ""), file, part, transfer.connections(), listener)
          .run();
      part.complete();
    }
  }

  /** Nothing is to be fetched of an empty file, nor could half of it be lost. */
  private void makeEmpty(HubFile file) throws IOException {
    Path target = folder.resolve(file.path());
    Files.createDirectories(target.toAbsolutePath().getParent());
    // Never through a link to another file.
    Files.deleteIfExists(target);
    Files.createFile(target);
    if (!file.hash().matches(target)) {
      Files.delete(target);
      throw new HubException(
          "the server lists '%s' as empty, with the hash of other bytes".formatted(file.path()));
    }
  }
}
