package org.t3jvm.model.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.t3jvm.event.KeptRunException;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.job.Compute;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.provenance.JobDifference;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavePace;
import org.t3jvm.model.state.SavedRun;
import org.t3jvm.model.state.StateFolder;
import org.t3jvm.model.video.CroppingSink;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;

/** A video that is written to a file, and whose state is kept beside it until it is finished. */
public record KeptVideo(Session session, ResolvedJob job, Output output) {
  private static final String VERSION = ProgramVersion.CURRENT;

  /**
   * Makes the video, from where an unfinished run of it is if the output says so.
   *
   * @throws UnfinishedRunException if an unfinished run is in the way
   * @throws KeptRunException if the run ends before the video is complete, and is worth resuming
   * @throws IOException if something cannot be read or written
   */
  public void make(RunProgress progress) throws IOException {
    VideoRecord record = session.record(job);
    RunSettings settings =
        new RunSettings(record.absolute(), output.pngFolder(), output.keepState());
    Path folder = SavedRun.folderOf(output.path());
    if (output.unfinished() == Output.Unfinished.RESUME) {
      Optional<SavedRun> known = known(folder);
      if (known.isPresent() && known.get().worthKeeping() && known.get().sameVideo(settings)) {
        session.note("resuming at " + known.get().progress());
        run(StateFolder.open(folder, VERSION, SavePace.usual()), record, progress);
        return;
      }
    }
    makeRoom(folder, settings);
    run(StateFolder.begin(folder, settings, SavePace.usual()), record, progress);
  }

  /**
   * Resumes the run in a state folder.
   *
   * @throws IOException also if the run is of another model or another video
   */
  public void resume(Path folder, RunProgress progress) throws IOException {
    StateFolder state = StateFolder.open(folder, VERSION, SavePace.usual());
    VideoRecord record = session.record(job);
    try {
      VideoRecord begun = state.settings().record();
      requireSame(folder, begun, record.absolute());
      noteOtherBackend(begun.job().compute().backend());
      session.note("resuming at " + state.progress());
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
    run(state, record, progress);
  }

  /** Decodes the latents of a finished run again, by the settings of this job. */
  public void decodeAgain(Path folder, RunProgress progress) throws IOException {
    VideoRecord record = session.record(job);
    Path own = SavedRun.folderOf(output.path());
    boolean inPlace = own.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize());
    RunSettings settings =
        new RunSettings(record.absolute(), output.pngFolder(), output.keepState() || inPlace);
    StateFolder kept = StateFolder.open(folder, VERSION, SavePace.usual());
    StateFolder decoding = kept;
    try {
      if (inPlace) {
        kept.restartDecode(settings);
      } else {
        makeRoom(own, settings);
        decoding = kept.forkDecode(own, settings);
        kept.close();
      }
      session.note("decoding the latents of " + folder);
    } catch (IOException | RuntimeException e) {
      kept.close();
      throw e;
    }
    run(decoding, record, progress);
  }

  /** Leaves no run worth keeping in the state folder of this output. */
  private void makeRoom(Path folder, RunSettings settings) throws IOException {
    if (output.unfinished() == Output.Unfinished.DISCARD) {
      SavedRun.discard(folder);
    }
    Optional<SavedRun> known = known(folder);
    if (known.isPresent() && known.get().worthKeeping()) {
      throw new UnfinishedRunException(
          folder,
          "%s: holds %s at %s"
              .formatted(
                  folder,
                  known.get().sameVideo(settings) ? "this run" : "a run of other settings",
                  known.get().progress()),
          false);
    }
  }

  private static Optional<SavedRun> known(Path folder) throws IOException {
    try {
      return SavedRun.find(folder, VERSION);
    } catch (IOException e) {
      throw new UnfinishedRunException(folder, String.valueOf(e.getMessage()), true);
    }
  }

  /** Runs from an opened state, which is closed in any case. */
  private void run(StateFolder state, VideoRecord record, RunProgress progress) throws IOException {
    try (state) {
      deleteLeftovers(state);
      try {
        write(state, record, progress);
      } catch (IOException | RuntimeException e) {
        progress.report(new RunEvent.Failed(e));
        if (state.worthKeeping()) {
          throw new KeptRunException(e, state.folder(), state.progress());
        }
        discard(state, e);
        throw e;
      }
      if (state.settings().keep() || output.keepState()) {
        state.dropFrames();
      } else {
        state.discard();
      }
    }
    progress.report(new RunEvent.Finished(job.request().frames()));
  }

  private void write(StateFolder state, VideoRecord record, RunProgress progress)
      throws IOException {
    try (FrameSink sink = sink(record)) {
      session.pipeline(job).generate(job.request(), sink, state, progress);
      sink.finish();
    }
  }

  private FrameSink sink(VideoRecord record) throws IOException {
    try {
      FrameSink file =
          VideoWriters.open(
              output.toString(),
              job.written().width(),
              job.written().height(),
              job.fps(),
              record.tags());
      return CroppingSink.of(file, job.computed(), job.written());
    } catch (IllegalArgumentException e) {
      throw new JobException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What killed processes have left of this output; while its state is open, none writes it. */
  private void deleteLeftovers(StateFolder state) throws IOException {
    Path file = output.path().toAbsolutePath().normalize();
    Path name = file.getFileName();
    if (name != null && file.equals(SavedRun.outputOf(state.folder()))) {
      VideoWriters.deleteLeftovers(file.resolveSibling(""), Set.of(name.toString()));
    }
  }

  /** Removes what is not worth keeping of a run that {@code cause} ended. */
  private static void discard(StateFolder state, Exception cause) {
    try {
      state.discard();
    } catch (IOException failed) {
      cause.addSuppressed(failed);
    }
  }

  private void noteOtherBackend(String begun) {
    String now = job.job().compute().backend();
    if (!begun.equals(now)) {
      session.note(
          "begun on backend %s, resumed on %s: values are rounded differently from here on"
              .formatted(begun, now));
    }
  }

  /** A device may be lost for good: another backend than the one before is no difference. */
  private static void requireSame(Path folder, VideoRecord begun, VideoRecord now)
      throws IOException {
    if (!begun.model().hash().equals(now.model().hash())) {
      throw new IOException(
          "%s: the state is of another model: begun with '%s' (%s), this is '%s' (%s)"
              .formatted(
                  folder,
                  begun.model().name(),
                  begun.model().hash().substring(0, 12),
                  now.model().name(),
                  now.model().hash().substring(0, 12)));
    }
    Optional<JobDifference> difference =
        JobDifference.of(computedLike(begun.job(), now.job().compute()), now.job());
    if (difference.isPresent()) {
      throw new IOException(
          "%s: the state is of another video: begun with %s %s, this has %s"
              .formatted(
                  folder,
                  difference.get().field(),
                  difference.get().before(),
                  difference.get().after()));
    }
  }

  private static VideoJob computedLike(VideoJob job, Compute compute) {
    return job.with()
        .backend(compute.backend())
        .precision(compute.precision())
        .kernels(compute.kernels())
        .build();
  }
}
