package org.t3jvm;

import java.io.IOException;
import java.nio.file.Path;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
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
}
