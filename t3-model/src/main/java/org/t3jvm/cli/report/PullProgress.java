package org.t3jvm.cli.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.hub.PullListener;

/** Progress of a download: a line drawn over itself on a terminal, else one plain line a file. */
public final class PullProgress implements PullListener, AutoCloseable {
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(200);

  private final PrintWriter err;
  private final @Nullable TerminalLine line;
  private final Instant started = Instant.now();
  private Instant drawn = Instant.EPOCH;
  private String file = "";
  private long bytes;
  private long all;

  public PullProgress(PrintWriter err) {
    this.err = err;
    this.line =
        Terminal.columns().isPresent()
            ? new TerminalLine(
                Terminal.writer(), () -> Terminal.columns().orElse(Integer.MAX_VALUE))
            : null;
  }

  @Override
  public synchronized void begin(int files, long total) {
    all = total;
    err.printf("%d files, %s%n", files, Sizes.bytes(total));
  }

  @Override
  public synchronized void progressed(long more) {
    bytes += more;
    Instant now = Instant.now();
    if (line != null && Duration.between(drawn, now).compareTo(BETWEEN_DRAWINGS) >= 0) {
      double seconds = Math.max(1, Duration.between(started, now).toMillis()) / 1e3;
      line.draw(
          "%s of %s, %s/s %s"
              .formatted(
                  Sizes.bytes(bytes),
                  Sizes.bytes(all),
                  Sizes.bytes(Math.round(bytes / seconds)),
                  file));
      drawn = now;
    }
  }

  @Override
  public synchronized void finished(String path) {
    file = Messages.printable(path);
    if (line == null) {
      err.printf("%s, %s of %s%n", file, Sizes.bytes(bytes), Sizes.bytes(all));
    }
  }

  /** Leaves the terminal clean, also after a failure. */
  @Override
  public synchronized void close() {
    if (line != null) {
      line.end();
    }
  }
}
