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
import org.t3jvm.cli.option.Sweep;
import org.t3jvm.cli.option.SweepOptions;
import org.t3jvm.cli.report.Sizes;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.preview.ContactSheet;
import org.t3jvm.model.preview.PreviewFiles;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.PngFile;

/** Runs that stop after some steps, and leave pictures instead of a video. */
final class PreviewRun {
  private final VideoSession session;
  private final GenerationRequest request;
  private final int steps;
  private final String out;
  private final Instant started = Instant.now();

  /**
   * @param steps to do before the picture is taken
   * @param out of the video that would be made
   */
  PreviewRun(VideoSession session, GenerationRequest request, int steps, String out) {
    this.session = session;
    this.request = request;
    this.steps = steps;
    this.out = out;
  }

  /**
   * Makes one preview, or a contact sheet of a sweep.
   *
   * @throws UsageException if the sweep is none, or a value of it cannot be
   */
  void make(SweepOptions options) throws IOException {
    Sweep sweep = options.sweep();
    if (sweep == null) {
      makeOne();
    } else {
      makeSheet(sweep);
    }
  }

  private void makeOne() throws IOException {
    PreviewFiles files = new PreviewFiles(out, session.fps());
    PngFile.requireRoom(files.strip());
    session.run(
        event -> {},
        new CancelToken(),
        (pipeline, progress) -> files.show(pictures(pipeline, progress, request)));
    noteWritten(files.video() + " and " + files.strip());
  }

  private void makeSheet(Sweep sweep) throws IOException {
    Path file = PreviewFiles.beside(out, ".png");
    PngFile.requireRoom(file);
    List<GenerationRequest> requests = new ArrayList<>();
    for (String value : sweep.values()) {
      requests.add(possible(sweep, value));
    }
    ContactSheet sheet = new ContactSheet(sweep.values().stream().map(sweep::label).toList());
    session.run(
        event -> {},
        new CancelToken(),
        (pipeline, progress) -> {
          for (int i = 0; i < requests.size(); i++) {
            session.note(
                "[%d of %d] %s"
                    .formatted(i + 1, requests.size(), sweep.label(sweep.values().get(i))));
            sheet.add(pictures(pipeline, progress, requests.get(i)).middle());
            PngFile.write(file, sheet.image());
          }
        });
    noteWritten(file + " (" + sweep.values().size() + " pictures)");
  }

  private GenerationRequest possible(Sweep sweep, String value) {
    GenerationRequest changed = sweep.apply(request, value);
    try {
      changed.requireFits(session.types().dit(), session.types().vae());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--sweep, %s: %s".formatted(sweep.label(value), e.getMessage()));
    }
    return changed;
  }

  private Pictures pictures(TextToVideo pipeline, RunProgress progress, GenerationRequest asked)
      throws IOException {
    AtomicReference<@Nullable Pictures> taken = new AtomicReference<>();
    RunProgress watched =
        progress.also(
            event -> {
              if (event instanceof RunEvent.Preview preview && preview.step() == steps - 1) {
                taken.set(preview.pictures().get());
              }
            });
    pipeline.denoise(asked, steps, watched);
    return requireNonNull(taken.get());
  }

  private void noteWritten(String what) {
    session.note(
        "wrote %s: step %d of %d, in %s"
            .formatted(
                what,
                steps,
                request.scheduler().steps(),
                Sizes.duration(Duration.between(started, Instant.now()))));
  }
}
