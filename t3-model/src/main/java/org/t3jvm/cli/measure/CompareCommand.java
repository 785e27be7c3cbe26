package org.t3jvm.cli.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.command.VideoSession;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.ComputeOptions;
import org.t3jvm.cli.option.ModelOptions;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.loaders.io.TextFile;
import org.t3jvm.model.measure.report.ComparisonPage;
import org.t3jvm.model.measure.report.MeasureJson;
import org.t3jvm.model.measure.report.MeasuredVideo;
import org.t3jvm.model.measure.report.ReportRow;
import org.t3jvm.model.measure.report.RunCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 compare}: one job in several variants, measured side by side. */
@Command(
    name = "compare",
    description = {
      "Renders a job in every combination of the values that are varied, measures the videos and",
      "writes a page that shows them side by side. What is there already is not made again."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompareCommand implements Callable<Integer> {
  private static final int MAX_CELLS = 256;
  private static final int MAX_JOB = 1 << 20;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "JOB.json", description = "A job as JSON, see docs/library.md.")
  private Path file = Path.of("");

  @Option(
      names = "--vary",
      paramLabel = "OPTION=VALUE,...",
      description =
          "Values of an option of generate to compare, such as attention=t3,full or"
              + " size=832x480,1280x720; of several, every combination.")
  private List<String> varied = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder of the videos, as PNG frames, and of compare.html and compare.json (default: the"
              + " job's name without .json, and -compare).")
  private @Nullable Path out;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();

  @Override
  public Integer call() throws IOException {
    VideoJob base = job();
    List<Map<String, String>> cells =
        Variation.grid(varied.stream().map(Variation::parse).toList());
    if (cells.size() > MAX_CELLS) {
      throw new UsageException(
          "--vary asks for %d videos, must be at most %d".formatted(cells.size(), MAX_CELLS));
    }
    Map<Map<String, String>, VideoJob> jobs = new LinkedHashMap<>();
    for (Map<String, String> cell : cells) {
      jobs.put(cell, Variation.apply(base, cell));
    }
    Path folder = Files.createDirectories(folder());
    Map<Map<String, String>, RunCost> costs = new LinkedHashMap<>();
    RunOptions options = compute.backend.options(null, compute.profile);
    try (VideoSession session =
        new VideoSession(model.source(), options, compute.quiet, spec.commandLine().getErr())) {
      CellRun run = new CellRun(session);
      for (Map.Entry<Map<String, String>, VideoJob> cell : jobs.entrySet()) {
        cell.setValue(session.t3().complete(cell.getValue()));
        costs.put(cell.getKey(), run.make(video(folder, cell.getKey()), cell.getValue()));
      }
    }
    List<ReportRow> rows = measure(folder, jobs, options.workers());
    Files.writeString(folder.resolve("compare.json"), MeasureJson.of(rows));
    Path page = folder.resolve("compare.html");
    Files.writeString(page, ComparisonPage.of(rows, List.copyOf(costs.values())));
    spec.commandLine().getOut().println(page);
    return 0;
  }

  private VideoJob job() throws IOException {
    VideoJob read;
    String json = TextFile.read(file, MAX_JOB);
    try {
      read = VideoJob.fromJson(json);
    } catch (IOException e) {
      throw new IOException("'%s' is no job: %s".formatted(file, e.getMessage()), e);
    }
    VideoJobBuilder job = read.with();
    model.applyTo(job);
    compute.backend.applyTo(job);
    return job.build();
  }

  private Path folder() {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
    return out != null ? out : file.toAbsolutePath().resolveSibling(name + "-compare");
  }

  private static String name(Map<String, String> cell) {
    return cell.isEmpty()
        ? "video"
        : cell.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }

  private static Path video(Path folder, Map<String, String> cell) {
    return folder.resolve(name(cell).replaceAll("[^\\p{Alnum}=,.-]", "_"));
  }

  /** Each beside the first of its size, which it has PSNR and SSIM against. */
  private List<ReportRow> measure(Path folder, Map<Map<String, String>, VideoJob> jobs, int threads)
      throws IOException {
    Seams seams = new Seams(List.copyOf(jobs.values()), OptionalInt.empty());
    Map<Size, Path> references = new LinkedHashMap<>();
    List<ReportRow> rows = new ArrayList<>();
    for (Map.Entry<Map<String, String>, VideoJob> cell : jobs.entrySet()) {
      Path video = video(folder, cell.getKey());
      Path reference = references.putIfAbsent(cell.getValue().size(), video);
      MeasuredVideo measured =
          MeasuredVideo.of(video, reference, seams.of(cell.getValue()), threads);
      FigureText.print(name(cell.getKey()), measured.measures(), spec.commandLine().getOut());
      rows.add(new ReportRow(name(cell.getKey()), cell.getKey(), measured));
    }
    return rows;
  }
}
