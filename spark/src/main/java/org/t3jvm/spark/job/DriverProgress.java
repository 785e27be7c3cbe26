package org.t3jvm.spark.job;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.spark.task.VideoRow;

/** Says on the driver how far a rendering is, and how long it takes still. */
final class DriverProgress {
  private final int all;
  private final ClusterWatch watch;
  private final Consumer<String> lines;
  private final long started = System.nanoTime();
  private int ended;
  private int made;

  DriverProgress(int all, ClusterWatch watch, Consumer<String> lines) {
    this.all = all;
    this.watch = watch;
    this.lines = lines;
  }

  /** A prompt is done with. */
  synchronized void ended(VideoRow row) {
    ended++;
    String what =
        switch (row.status()) {
          case MADE ->
              "made %s in %s on %s".formatted(row.output(), duration(seconds(row)), row.host());
          case SKIPPED -> row.output() + " is there already";
          case FAILED -> "prompt %d failed: %s".formatted(row.index(), row.error());
        };
    made += row.status() == VideoRow.Status.MADE ? 1 : 0;
    lines.accept("[%d of %d] %s%s".formatted(ended, all, what, left()));
  }

  private static double seconds(VideoRow row) {
    return row.seconds() == null ? 0 : row.seconds();
  }

  /** Prints how far it is. */
  synchronized void report() {
    double done = ended + watch.running();
    lines.accept(
        String.format(Locale.ROOT, "%.1f of %d videos%s", Math.min(done, all), all, left()));
  }

  /** By the pace of videos that were made; others say nothing of it. */
  private String left() {
    double done = made + watch.running();
    double rest = all - ended - watch.running();
    if (done <= 0 || rest <= 0) {
      return "";
    }
    double elapsed = (System.nanoTime() - started) / 1e9;
    return ", about %s left".formatted(duration(elapsed / done * rest));
  }

  private static String duration(double seconds) {
    return Sizes.duration(Duration.ofMillis(Math.round(1e3 * seconds)));
  }
}
