package org.t3jvm.spark.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.batch.Prompt;
import org.t3jvm.model.batch.PromptEntry;
import org.t3jvm.spark.files.Uris;
import org.t3jvm.spark.files.VideoFolder;
import org.t3jvm.spark.task.Settings;
import org.t3jvm.spark.task.VideoRow;
import org.t3jvm.spark.task.VideoTask;

/** A video for every prompt of a table. Names of files are URIs of Hadoop's file systems. */
public final class Rendering {
  private final SparkSession spark;
  private final PromptTable prompts;
  private final VideoJob job;
  private ModelSource.Uris model = ModelSource.Uris.EMBEDDED;
  private @Nullable String out;
  private @Nullable String scratch;
  private String cache =
      Path.of(System.getProperty("java.io.tmpdir"), "t3jvm-" + System.getProperty("user.name"))
          .toString();
  private RunOptions options = RunOptions.DEFAULT;
  private Consumer<String> lines = line -> {};

  private Rendering(SparkSession spark, PromptTable prompts, VideoJob job) {
    this.spark = spark;
    this.prompts = prompts;
    this.job = job;
  }

  /** The prompts of a table's rows, with columns as {@code RenderVideos.of} has them. */
  public static Rendering of(Dataset<Row> prompts, VideoJob job) {
    return new Rendering(prompts.sparkSession(), PromptTable.of(prompts), job);
  }

  /**
   * The prompts of a file, as {@code t3 batch} takes it, or of Parquet.
   *
   * @throws IOException if it cannot be read as a whole; a broken entry fails alone
   */
  public static Rendering of(SparkSession spark, String file, VideoJob job) throws IOException {
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    return new Rendering(spark, PromptTable.read(Uris.absolute(file, conf), spark, conf), job);
  }

  /** The model; without it, the tiny one that comes with the program. */
  public Rendering model(ModelSource.Uris parts) {
    model = parts;
    return this;
  }

  /** Folder of the videos; one of the local file system must be the same on all nodes. */
  public Rendering to(String folder) {
    out = folder;
    return this;
  }

  /**
   * Folder at one path on all nodes in which videos are made that go to another file system than
   * the local one. On storage that the nodes share, a task resumes there what another node began.
   */
  public Rendering scratch(@Nullable String folder) {
    scratch = folder;
    return this;
  }

  /** Folder of each node's disk for copies of the model; by default one of temporary files. */
  public Rendering cache(String folder) {
    cache = folder;
    return this;
  }

  /** How an executor's machine is used; what is left open follows from Spark's settings. */
  public Rendering options(RunOptions machine) {
    options = machine;
    return this;
  }

  /** Gets lines for people about what is made, and how long it takes still. */
  public Rendering report(Consumer<String> to) {
    lines = to;
    return this;
  }

  /**
   * Makes the videos that are not there yet.
   *
   * @return the manifest, a row a prompt
   * @throws IOException if the folder cannot be written, or Spark gives up
   */
  public Dataset<Row> render() throws IOException {
    if (out == null) {
      throw new IllegalStateException("call to(FOLDER) first");
    }
    Configuration conf = spark.sparkContext().hadoopConfiguration();
    Settings settings = settings(out, conf);
    VideoFolder folder = VideoFolder.open(settings.out(), Path.of(cache), conf);
    Manifest manifest = new Manifest(folder);
    try (ClusterRun run = new ClusterRun(spark.sparkContext(), settings, manifest, lines)) {
      run.make(tasks(run));
    }
    folder.deleteLeftovers();
    return manifest.write(spark);
  }

  private Settings settings(String folder, Configuration conf) throws IOException {
    return new Settings(
        job.absolute().toJson(),
        absolute(conf),
        Uris.absolute(folder, conf),
        scratch,
        cache,
        ClusterRun.attempts(spark.sparkContext()),
        new Settings.Machine(
            options.threads(),
            options.device(),
            options.deviceMemory(),
            options.runtime(),
            options.memory(),
            options.textCache() == null ? null : options.textCache().toString()));
  }

  private ModelSource.Uris absolute(Configuration conf) throws IOException {
    return model.map(name -> Uris.absolute(name, conf));
  }

  /** The prompts that are none fail at once. */
  private List<VideoTask> tasks(ClusterRun run) {
    List<VideoTask> tasks = new ArrayList<>();
    List<PromptEntry> entries = prompts.entries();
    run.begin(entries.size());
    for (int index = 0; index < entries.size(); index++) {
      Prompt prompt = entries.get(index).prompt();
      if (prompt == null) {
        run.ended(VideoRow.failed(index, null, entries.get(index).error()));
      } else {
        tasks.add(new VideoTask(index, prompt));
      }
    }
    return tasks;
  }
}
