package org.t3jvm;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.provenance.JobDifference;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavedRun;

/**
 * An unfinished, or kept, run on disk.
 *
 * @param folder of the state
 * @param source where the model lay
 * @param job that the run was begun with, with every choice filled in
 * @param output where its video goes
 */
public record SavedVideo(Path folder, ModelSource source, VideoJob job, Output output) {
  /**
   * The run that a state folder holds.
   *
   * @param folderOrOutput such as {@code ball.mp4.t3state}, or {@code ball.mp4} for the same
   * @throws IOException if there is none, or it is damaged or of another version
   */
  public static SavedVideo read(Path folderOrOutput) throws IOException {
    Path folder = SavedRun.folderMeant(folderOrOutput);
    RunSettings settings = SavedRun.read(folder, ProgramVersion.CURRENT).settings();
    Output output =
        new Output(
            SavedRun.outputOf(folder),
            settings.pngFolder(),
            settings.keep(),
            Output.Unfinished.REFUSE);
    return new SavedVideo(folder, settings.record().source(), settings.record().job(), output);
  }

  /**
   * Removes the state beside a whole video whose run was killed before it removed the state itself.
   * A state of another job, one that was to be kept and one that cannot be read stay.
   *
   * @param output the video
   * @param job that made it, with every choice filled in
   * @throws org.t3jvm.event.RunInUseException if the run has not ended
   * @throws IOException if the state cannot be removed
   */
  public static void removeLeftover(Path output, VideoJob job) throws IOException {
    Path folder = SavedRun.folderOf(output);
    try {
      if (isLeftover(folder, job)) {
        SavedRun.discard(folder);
      }
    } catch (NoSuchFileException e) {
      // The run has removed it meanwhile.
    }
  }

  private static boolean isLeftover(Path folder, VideoJob job) {
    try {
      Optional<SavedRun> run = SavedRun.find(folder, ProgramVersion.CURRENT);
      return run.isEmpty()
          || (!run.get().settings().keep()
              && JobDifference.of(run.get().settings().record().job(), job.absolute()).isEmpty());
    } catch (IOException e) {
      return false;
    }
  }
}
