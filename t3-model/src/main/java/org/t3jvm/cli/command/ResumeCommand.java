package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.option.ComputeOptions;
import org.t3jvm.cli.option.ModelOptions;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.SavePace;
import org.t3jvm.model.state.StateFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 resume}: goes on with a run that ended before its video was there. */
@Command(
    name = "resume",
    description = {
      "Goes on with a video from the state that an unfinished run has left beside it.",
      "The video is the one that an unbroken run gives, bit for bit."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("UnusedVariable")
public final class ResumeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "OUTPUT.t3state",
      description = "The state folder, such as video.mp4.t3state.")
  private Path folder = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description = "Where the video goes (default: where the run was to put it).")
  private @Nullable String out;

  @Mixin private final ModelOptions moved = new ModelOptions();
  @Mixin private final ComputeOptions changed = new ComputeOptions();

  @Option(
      names = "--keep-state",
      description = "Keep the state beside the finished video, for t3 decode.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    SavedCommand command = SavedCommand.of(folder, spec.commandLine().getParseResult());
    return VideoSession.run(
        command.options(), spec.commandLine().getErr(), session -> goOn(session, command, started));
  }

  private int goOn(VideoSession session, SavedCommand command, Instant started) throws IOException {
    GenerationRequest request = session.request(command.prompt());
    StateFolder state = StateFolder.open(folder, ProgramVersion.CURRENT, SavePace.usual());
    String output;
    try {
      VideoRecord record = state.settings().record();
      SavedCommand.requireSame(folder, record, session.record(request, record.arguments()));
      output = out != null ? out : SavedCommand.outputOf(folder, state.settings());
      session.note(session.description(request));
      session.note("going on at " + state.progress());
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
    new KeptVideo(session, command.options().state).run(state, request, output);
    session.noteWritten(output, request, started);
    return 0;
  }
}
