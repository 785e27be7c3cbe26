package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The download of one file: chunks side by side where the server gives ranges, else in one go. */
final class FileDownload {
  private static final int BUFFER = 1 << 16;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final HubClient client;
  private final URI uri;
  private final HubFile file;
  private final PartFile part;
  private final int connections;
  private final PullListener listener;

  FileDownload(
      HubClient client,
      URI uri,
      HubFile file,
      PartFile part,
      int connections,
      PullListener listener) {
    this.client = client;
    this.uri = uri;
    this.file = file;
    this.part = part;
    this.connections = connections;
    this.listener = listener;
  }

  /** Gets what is missing. */
  void run() throws IOException {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < part.chunks(); i++) {
      if (!part.has(i)) {
        missing.add(i);
      }
    }
    // The first response shows whether the server supports ranges.
    if (!missing.isEmpty() && fetch(missing.removeFirst())) {
      parallel(missing);
    }
  }

  private void parallel(List<Integer> chunks) throws IOException {
    try (ExecutorService workers =
        Executors.newFixedThreadPool(connections, Thread.ofVirtual().factory())) {
      List<Future<Boolean>> running =
          chunks.stream().map(chunk -> workers.submit(() -> fetch(chunk))).toList();
      try {
        for (Future<Boolean> one : running) {
          one.get();
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HubException("the download was interrupted", e);
      } finally {
        workers.shutdownNow();
      }
    }
  }

  /** Gets a chunk, or everything if the server gives no ranges; then the answer is false. */
  private boolean fetch(int chunk) throws IOException {
    Retries retries = new Retries("'%s'".formatted(file.path()), client.pause());
    Position position = new Position(part.start(chunk), part.end(chunk));
    while (true) {
      long before = position.at;
      try {
        receive(position);
        break;
      } catch (IOException e) {
        if (position.at > before) {
          retries.progressed();
        }
        retries.failed(e);
      }
    }
    if (position.ranges) {
      part.finished(chunk);
    } else {
      for (int i = 0; i < part.chunks(); i++) {
        part.finished(i);
      }
    }
    return position.ranges;
  }

  /** Where one connection is. */
  private static final class Position {
    private long at;
    private long end;
    private long counted;
    private boolean ranges = true;

    Position(long at, long end) {
      this.at = at;
      this.end = end;
    }
  }

  private void receive(Position position) throws IOException {
    String range = position.at + "-" + (position.end - 1);
    HubClient.Answer response = client.get(uri, "'%s'".formatted(file.path()), range);
    try (InputStream body = response.body()) {
      if (response.status() == 200) {
        requireLength(response);
        listener.progressed(-position.counted - (position.ranges ? part.bytes() : 0));
        position.counted = 0;
        position.at = 0;
        position.end = file.size();
        position.ranges = false;
      } else {
        requireRange(response, position);
      }
      copy(body, position);
    }
  }

  private void copy(InputStream body, Position position) throws IOException {
    byte[] buffer = new byte[BUFFER];
    while (position.at < position.end) {
      int wanted = (int) Math.min(buffer.length, position.end - position.at);
      int n = body.read(buffer, 0, wanted);
      if (n < 0) {
        throw new IOException(
            "the connection ended at byte %d of %d".formatted(position.at, file.size()));
      }
      part.write(buffer, n, position.at);
      position.at += n;
      position.counted += n;
      listener.progressed(n);
    }
  }

  private void requireLength(HubClient.Answer response) throws HubException {
    long length = response.headers().firstValueAsLong("Content-Length").orElse(file.size());
    if (length != file.size()) {
      throw otherSize(length);
    }
  }

  private void requireRange(HubClient.Answer response, Position position) throws IOException {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != position.at) {
      throw new IOException("the server gives another range than byte " + position.at);
    }
    String total = range.group(3);
    if (!total.equals("*") && Long.parseLong(total) != file.size()) {
      throw otherSize(Long.parseLong(total));
    }
  }

  private HubException otherSize(long size) {
    return new HubException(
        "the server gives '%s' as %d bytes but lists it with %d; the repository may just have changed, run the same command again"
            .formatted(file.path(), size, file.size()));
  }
}
