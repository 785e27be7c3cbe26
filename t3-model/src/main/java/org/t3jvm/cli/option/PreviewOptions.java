package org.t3jvm.cli.option;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.preview.PreviewFiles;
import org.t3jvm.model.preview.PreviewWriter;
import picocli.CommandLine.Option;

/** Options that show a video before it is there. */
public final class PreviewOptions {
  @Option(
      names = "--preview",
      paramLabel = "N",
      description =
          "Write a small preview beside the output every N steps: <name>.preview.mp4 and"
              + " <name>.preview.png.")
  private @Nullable Integer every;

  /**
   * Previews beside an output, if they are asked for.
   *
   * @throws UsageException if there are no such steps
   */
  public Consumer<RunEvent> listener(VideoJob job, Output output, Consumer<String> warnings) {
    return every == null
        ? event -> {}
        : new PreviewWriter(
            every(job),
            new PreviewFiles(output.toString(), requireNonNull(job.size().fps())),
            warnings);
  }

  /** Steps from one preview to the next; if none are asked for, a quarter of all. */
  public int every(VideoJob job) {
    int steps = job.allSteps();
    if (every != null && (every < 1 || every > steps)) {
      throw new UsageException(
          "--preview is %d, must be from 1 to the %d steps".formatted(every, steps));
    }
    return every != null ? every : Math.ceilDiv(steps, 4);
  }
}
