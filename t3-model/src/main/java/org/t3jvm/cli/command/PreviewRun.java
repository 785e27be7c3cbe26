package org.t3jvm.cli.command;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.ForceOption;
import org.t3jvm.cli.option.Sweep;
import org.t3jvm.cli.option.SweepOptions;
import org.t3jvm.cli.report.JobDescription;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.JobException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.preview.ContactSheet;
import org.t3jvm.model.preview.PreviewFiles;
import org.t3jvm.model.video.PngFile;

/** Runs that stop after some steps, and leave pictures instead of a video. */
final class PreviewRun {
  private final VideoSession session;
  private final VideoJob job;
  private final int steps;
  private final String out;
  private final Instant started = Instant.now();

  /**
   * @param steps to do before the picture is taken
   * @param out of the video that would be made
   */
  PreviewRun(VideoSession session, VideoJob job, int steps, String out) {
    this.session = session;
    this.job = job;
    this.steps = steps;
    this.out = out;
  }

  /**
   * Makes one preview, or a contact sheet of a sweep.
   *
   * @param force whether pictures that exist are replaced
   * @throws UsageException if they exist, the sweep is none, or a value of it cannot be
   */
  void make(SweepOptions options, ForceOption force) throws IOException {
    Sweep sweep = options.sweep();
    if (sweep == null) {
      makeOne(force);
    } else {
      makeSheet(sweep, force);
    }
  }

  private void makeOne(ForceOption force) throws IOException {
    PreviewFiles files = new PreviewFiles(out, requireNonNull(job.size().fps()));
    force.requireFree(List.of(files.video(), files.strip()));
    PngFile.requireRoom(files.strip());
    files.show(pictures(job));
    noteWritten(files.video() + " and " + files.strip());
  }

  private void makeSheet(Sweep sweep, ForceOption force) throws IOException {
    Path file = PreviewFiles.beside(out, ".png");
    force.requireFree(List.of(file));
    PngFile.requireRoom(file);
    List<VideoJob> jobs = new ArrayList<>();
    for (String value : sweep.values()) {
      jobs.add(possible(sweep, value));
    }
    ContactSheet sheet =
        new ContactSheet(heading(sweep), sweep.values().stream().map(sweep::label).toList());
    for (int i = 0; i < jobs.size(); i++) {
      session.note(
          "[%d of %d] %s".formatted(i + 1, jobs.size(), sweep.label(sweep.values().get(i))));
      sheet.add(pictures(jobs.get(i)).middle());
      PngFile.write(file, sheet.image());
    }
    noteWritten(file + " (" + sweep.values().size() + " pictures)");
  }

  /** What the pictures have in common: the prompt, and the settings but for the one that varies. */
  private List<String> heading(Sweep sweep) {
    String settings = new JobDescription(job).line().replaceFirst(sweep.inDescription(), "");
    return List.of(
        job.text().prompt(), "%s, after step %d of %d".formatted(settings, steps, job.allSteps()));
  }

  private VideoJob possible(Sweep sweep, String value) throws IOException {
    try {
      return session.t3().complete(sweep.apply(job, value));
    } catch (JobException e) {
      throw new UsageException("--sweep, %s: %s".formatted(sweep.label(value), e.getMessage()));
    }
  }

  private Pictures pictures(VideoJob asked) throws IOException {
    AtomicReference<@Nullable Pictures> taken = new AtomicReference<>();
    session.run(
        event -> {
          if (event instanceof RunEvent.Preview preview && preview.step() == steps - 1) {
            taken.set(preview.pictures().get());
          }
        },
        new CancelToken(),
        (events, cancel) -> session.t3().denoise(asked, steps, events, cancel));
    return requireNonNull(taken.get());
  }

  private void noteWritten(String what) {
    session.note(
        "wrote %s: step %d of %d, in %s"
            .formatted(
                what,
                steps,
                job.allSteps(),
                Sizes.duration(Duration.between(started, Instant.now()))));
  }
}
