package org.t3jvm.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.KeptException;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.StateOptions;
import org.t3jvm.event.RunCancelledException;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavePace;
import org.t3jvm.model.state.SavedRun;
import org.t3jvm.model.state.StateFolder;
import org.t3jvm.model.video.VideoWriters;

/** Makes videos of a session whose state is kept beside them until they are finished. */
final class KeptVideo {
  private final VideoSession session;
  private final StateOptions options;

  KeptVideo(VideoSession session, StateOptions options) {
    this.session = session;
    this.options = options;
  }

  /**
   * What a run is asked for.
   *
   * @param arguments of the {@code t3 generate} that goes on with it
   * @param out as a user types it
   */
  RunSettings settings(
      GenerationRequest request, VideoRecord record, List<String> arguments, String out) {
    List<String> words = new ArrayList<>(arguments);
    if (options.keep) {
      words.add("--keep-state");
    }
    boolean folder =
        out.endsWith("/") || out.endsWith(File.separator) || Files.isDirectory(Path.of(out));
    return new RunSettings(record, words, folder, request.steps());
  }

  /**
   * Begins a video.
   *
   * @throws UsageException if an unfinished run of the same output is there, and it is not to be
   *     discarded
   */
  void begin(GenerationRequest request, String out, RunSettings settings) throws IOException {
    Path folder = makeRoom(out, settings);
    run(StateFolder.begin(folder, settings, SavePace.usual()), request, out);
  }

  /** The state folder of an output, which holds no run worth keeping. */
  Path makeRoom(String out, RunSettings settings) throws IOException {
    Path folder = SavedRun.folderOf(Path.of(out));
    if (options.restart) {
      SavedRun.discard(folder);
    }
    Optional<SavedRun> known = known(folder);
    if (known.isPresent() && known.get().worthKeeping()) {
      throw new UsageException(
          "%s: holds %s at %s; go on with it: %s; or discard it: --restart"
              .formatted(
                  folder,
                  known.get().sameVideo(settings) ? "this run" : "a run of other settings",
                  known.get().progress(),
                  KeptException.command(folder)));
    }
    return folder;
  }

  private static Optional<SavedRun> known(Path folder) throws IOException {
    try {
      return SavedRun.find(folder, ProgramVersion.CURRENT);
    } catch (IOException e) {
      throw new UsageException(ErrorLine.of(e) + "; discard it: --restart");
    }
  }

  /** Begins a video, or goes on with it if an unfinished run of the same video is there. */
  void beginOrGoOn(GenerationRequest request, String out, RunSettings settings) throws IOException {
    Path folder = SavedRun.folderOf(Path.of(out));
    Optional<SavedRun> known = options.restart ? Optional.empty() : known(folder);
    if (known.isPresent() && known.get().worthKeeping() && known.get().sameVideo(settings)) {
      session.note("going on at " + known.get().progress());
      run(StateFolder.open(folder, ProgramVersion.CURRENT, SavePace.usual()), request, out);
    } else {
      begin(request, out, settings);
    }
  }

  /** Goes on with an opened state, which is closed in any case. */
  void run(StateFolder state, GenerationRequest request, String out) throws IOException {
    try (state;
        StopSignals signals = session.stopSignals(KeptException.command(state.folder()))) {
      deleteLeftovers(state, out);
      try {
        session.make(request, out, state.settings().record(), state, signals);
      } catch (RunCancelledException e) {
        if (state.worthKeeping()) {
          throw signals.stopped(
              e,
              "stopped at %s; go on with: %s"
                  .formatted(state.progress(), KeptException.command(state.folder())));
        }
        discard(state, e);
        throw signals.stopped(e, "stopped before the first step was done; nothing is kept");
      } catch (IOException | RuntimeException e) {
        if (state.worthKeeping()) {
          throw new KeptException(e, state.folder(), state.progress());
        }
        discard(state, e);
        throw e;
      }
      if (options.keep) {
        state.dropFrames();
      } else {
        state.discard();
      }
    }
  }

  /** What killed processes have left of this output; while its state is open, none writes it. */
  private static void deleteLeftovers(StateFolder state, String out) throws IOException {
    Path output = Path.of(out).toAbsolutePath().normalize();
    Path name = output.getFileName();
    if (name != null && output.equals(SavedRun.outputOf(state.folder()))) {
      VideoWriters.deleteLeftovers(output.resolveSibling(""), Set.of(name.toString()));
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
}
