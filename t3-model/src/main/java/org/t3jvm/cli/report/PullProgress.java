package org.t3jvm.cli.report;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.hub.PullListener;

/** Progress of a download: a bar on a terminal, else one plain line a file. */
public final class PullProgress implements PullListener, AutoCloseable {
  private static final int MEGABYTE = 1_000_000;

  private final PrintWriter err;
  private @Nullable ProgressBar bar;
  private long bytes;
  private long all;

  public PullProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void begin(int files, long total) {
    all = total;
    err.printf("%d files, %s%n", files, Sizes.bytes(total));
    if (ConsoleProgress.onTerminal()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("pull")
              .setInitialMax(total)
              .setUnit(" MB", MEGABYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }
  }

  @Override
  public synchronized void progressed(long more) {
    bytes += more;
    if (bar != null) {
      bar.stepTo(bytes);
    }
  }

  @Override
  public synchronized void finished(String path) {
    String shown = Messages.printable(path);
    if (bar == null) {
      err.printf("%s, %s of %s%n", shown, Sizes.bytes(bytes), Sizes.bytes(all));
    } else {
      bar.setExtraMessage(shown);
    }
  }

  /** Leaves the terminal clean, also after a failure. */
  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
