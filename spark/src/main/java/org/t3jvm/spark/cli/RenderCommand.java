package org.t3jvm.spark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.JobErrors;
import org.t3jvm.cli.UsageErrors;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.option.BackendOption;
import org.t3jvm.cli.option.JobOptions;
import org.t3jvm.job.SamplingPreset;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.spark.job.Rendering;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spark-submit --class org.t3jvm.spark.RenderVideos}: a file of prompts becomes videos. */
@Command(
    name = "RenderVideos",
    description = {
      "Renders a video for every prompt of a file on a Spark cluster.",
      "Videos that are there already are not made again, so a rendering that was stopped resumes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RenderCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--prompts",
      required = true,
      paramLabel = "URI",
      description =
          "Prompts: .json (upstream's), .jsonl, .csv, .parquet, or text with one prompt a line."
              + " All but text may set \"seed\", \"negative\", \"size\", \"frames\" and"
              + " \"image\" of a prompt.")
  private String prompts = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "URI",
      description = "Folder of the videos and of manifest.jsonl and manifest.parquet.")
  private String out = "";

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Folder of every node where videos are made that go to another file system than the"
              + " local one; if nodes share it, each resumes what another began.")
  private @Nullable String scratch;

  @Option(
      names = "--node-cache",
      paramLabel = "DIR",
      description = "Folder of every node for its copy of the model (default: in /tmp).")
  private @Nullable String cache;

  @Mixin private final JobOptions what = new JobOptions();
  @Mixin private final BackendOption backend = new BackendOption();

  @Option(names = "--preset", paramLabel = "lightning", description = JobOptions.PRESET)
  void preset(SamplingPreset preset) {
    what.preset(preset);
  }

  @Option(names = "--quiet", description = "Print nothing but errors.")
  private boolean quiet;

  /** Runs the command line and gives its exit status. */
  public static int run(PrintWriter err, String... args) {
    return new CommandLine(new RenderCommand())
        .setErr(err)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new JobErrors())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    // The prompt of a job is that of each row.
    VideoJob job = what.job("-", backend);
    try (SparkSession spark = SparkSession.builder().appName("t3 videos").getOrCreate()) {
      Rendering rendering =
          Rendering.of(spark, prompts, job)
              .model(what.model.uris())
              .to(out)
              .scratch(scratch)
              .options(backend.options(what.text.place(System.getenv()).orElse(null), null))
              .report(quiet ? line -> {} : this::print);
      if (cache != null) {
        rendering.cache(cache);
      }
      return summarise(rendering.render().collectAsList(), started);
    } catch (Exception e) {
      // Scala declares no exceptions, and throws checked ones.
      throw inOneLine(e);
    }
  }

  private void print(String line) {
    spec.commandLine().getErr().println(ErrorLine.oneLine(FieldOptions.spell(line)));
  }

  private int summarise(List<Row> rows, Instant started) {
    long failed = count(rows, "FAILED");
    long before = count(rows, "SKIPPED");
    if (quiet) {
      rows.stream()
          .filter(row -> row.getAs("error") != null)
          .forEach(row -> print("prompt %s: %s".formatted(row.getAs("index"), row.getAs("error"))));
    } else {
      print(
          "%d videos, %d failed, in %s%s; see %s/manifest.jsonl"
              .formatted(
                  rows.size() - failed,
                  failed,
                  Sizes.duration(Duration.between(started, Instant.now())),
                  before == 0 ? "" : ", %d were there already".formatted(before),
                  out));
    }
    return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static long count(List<Row> rows, String status) {
    return rows.stream().filter(row -> row.getAs("status").equals(status)).count();
  }

  /** Spark's and Hadoop's own failures as those of files. */
  private static IOException inOneLine(Exception e) throws IOException {
    if (e instanceof IOException io) {
      throw io;
    }
    if (e instanceof RuntimeException unchecked
        && e.getClass().getName().startsWith("org.t3jvm.")) {
      throw unchecked;
    }
    Throwable said = e;
    while (said.getMessage() == null && said.getCause() != null) {
      said = said.getCause();
    }
    return new IOException(String.valueOf(said.getMessage()).lines().findFirst().orElse(""), e);
  }
}
