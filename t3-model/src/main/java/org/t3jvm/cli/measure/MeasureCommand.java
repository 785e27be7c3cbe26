package org.t3jvm.cli.measure;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.ForceOption;
import org.t3jvm.cli.report.JobDescription;
import org.t3jvm.cli.report.VideoReport;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.measure.SeamLines;
import org.t3jvm.model.measure.report.MeasureJson;
import org.t3jvm.model.measure.report.MeasurePage;
import org.t3jvm.model.measure.report.MeasuredVideo;
import org.t3jvm.model.measure.report.ReportRow;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.video.VideoTags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 measure}: figures of videos that need no trained network. */
@Command(
    name = "measure",
    description = {
      "Measures videos without a trained network: flicker, motion, detail, repetition, window"
          + " borders;",
      "PSNR and SSIM against a reference. See docs/measures.md."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class MeasureCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "VIDEO",
      arity = "1..*",
      description = "Video files, or folders of PNG frames.")
  private List<Path> videos = List.of();

  @Option(
      names = "--reference",
      paramLabel = "VIDEO",
      description = "Compare every video with this one, of the same size and length.")
  private @Nullable Path reference;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with a table, curves over frames, and frames.")
  private @Nullable Path html;

  @Option(
      names = "--token-pixels",
      paramLabel = "16|32",
      description =
          "Rows and columns of a token of the model, for window borders (default: 32 if the windows"
              + " in the video's tags are of such a model, else 16).")
  private @Nullable Integer tokenPixels;

  @Mixin private final ForceOption force = new ForceOption();

  @Override
  public Integer call() throws IOException {
    if (tokenPixels != null && tokenPixels != 16 && tokenPixels != 32) {
      throw new UsageException("--token-pixels is %d, must be 16 or 32".formatted(tokenPixels));
    }
    requireFree("--json", json);
    requireFree("--html", html);
    if (reference != null && !Files.exists(reference)) {
      throw new NoSuchFileException(reference.toString());
    }
    Map<Path, Optional<VideoJob>> jobs = new LinkedHashMap<>();
    for (Path video : videos) {
      jobs.put(video, job(video));
    }
    Seams seams =
        new Seams(
            jobs.values().stream().flatMap(Optional::stream).toList(),
            tokenPixels == null ? OptionalInt.empty() : OptionalInt.of(tokenPixels));
    List<ReportRow> rows = measure(jobs, seams);
    if (json != null) {
      Files.writeString(json, MeasureJson.of(rows));
    }
    if (html != null) {
      Files.writeString(html, MeasurePage.of(rows));
    }
    if (rows.size() < jobs.size()) {
      throw new IOException(
          "%d of %d videos could not be measured; see above"
              .formatted(jobs.size() - rows.size(), jobs.size()));
    }
    return 0;
  }

  private void requireFree(String option, @Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    force.requireFree(option, file);
    if (Files.isDirectory(file)) {
      throw new UsageException("%s '%s' is a folder, must be a file".formatted(option, file));
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
  }

  /** What a video was made from; empty if its tags do not say, or it cannot be read at all. */
  private static Optional<VideoJob> job(Path video) {
    if (!VideoReport.takes(video)) {
      return Optional.empty();
    }
    try {
      return VideoRecord.parse(VideoTags.read(video).get(VideoRecord.COMMENT))
          .map(VideoRecord::job)
          .filter(MeasureCommand::isComplete);
    } catch (IOException e) {
      return Optional.empty(); // Reading its frames names what is wrong with it.
    }
  }

  /** Whether every choice is filled in, as in the tags that this program writes. */
  private static boolean isComplete(VideoJob job) {
    Size size = job.size();
    return Stream.of(
                size.height(),
                size.width(),
                size.frames(),
                size.fps(),
                size.computedHeight(),
                size.computedWidth(),
                job.sampling().steps(),
                job.attention().kind(),
                job.compute().precision(),
                job.compute().kernels())
            .allMatch(Objects::nonNull)
        && (job.attention().kind() == Attention.Kind.FULL || job.attention().windows() != null);
  }

  private List<ReportRow> measure(Map<Path, Optional<VideoJob>> jobs, Seams seams)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<ReportRow> rows = new ArrayList<>();
    for (Map.Entry<Path, Optional<VideoJob>> entry : jobs.entrySet()) {
      Path video = entry.getKey();
      try {
        MeasuredVideo measured =
            MeasuredVideo.of(
                video,
                reference,
                lines(video, entry.getValue(), seams),
                Runtime.getRuntime().availableProcessors());
        FigureText.print(video.toString(), measured.measures(), out);
        rows.add(
            new ReportRow(
                video.toString(),
                entry.getValue().map(job -> new JobDescription(job).fields()).orElse(Map.of()),
                measured));
      } catch (IOException e) {
        if (jobs.size() == 1) {
          throw e;
        }
        spec.commandLine().getErr().println("t3: " + ErrorLine.of(e));
      }
    }
    return rows;
  }

  private static @Nullable SeamLines lines(Path video, Optional<VideoJob> job, Seams seams)
      throws IOException {
    try {
      return job.map(seams::of).orElse(null);
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s': %s".formatted(video, e.getMessage()), e);
    }
  }
}
