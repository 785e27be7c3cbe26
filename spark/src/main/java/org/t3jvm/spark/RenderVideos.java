package org.t3jvm.spark;

import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.t3jvm.job.VideoJob;
import org.t3jvm.spark.cli.RenderCommand;
import org.t3jvm.spark.job.Rendering;

/**
 * A video for every prompt of a table, rendered on a Spark cluster: one prompt a task, one open
 * model an executor.
 *
 * <pre>{@code
 * Dataset<Row> manifest =
 *     RenderVideos.of(prompts, VideoJob.of("").size(480, 832).build())
 *         .model(ModelSource.Uris.of("hdfs://namenode/models/Wan2.1-T2V-1.3B"))
 *         .to("hdfs://namenode/videos")
 *         .render();
 * }</pre>
 */
public final class RenderVideos {
  private RenderVideos() {}

  /** Entry point for {@code spark-submit}. */
  public static void main(String[] args) {
    // Digits, letters and file names are the same for every user.
    Locale.setDefault(Locale.ROOT);
    int status = RenderCommand.run(new PrintWriter(System.err, true, System.err.charset()), args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Begins a rendering.
   *
   * @param prompts rows with a text in the column "prompt" (or {@code prompt_en}), and for what is
   *     not as in {@code job} columns {@code negative}, {@code seed}, {@code size} (such as {@code
   *     832x480}) or {@code height} and {@code width}, {@code frames} and {@code image}
   * @param job settings of all videos, whose prompt does not count
   */
  public static Rendering of(Dataset<Row> prompts, VideoJob job) {
    return Rendering.of(prompts, job);
  }
}
