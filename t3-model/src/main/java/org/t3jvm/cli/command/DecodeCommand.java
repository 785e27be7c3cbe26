package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.option.ComputeOptions;
import org.t3jvm.cli.option.ModelOptions;
import org.t3jvm.cli.option.StateOptions;
import org.t3jvm.cli.option.VaeOptions;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavePace;
import org.t3jvm.model.state.SavedRun;
import org.t3jvm.model.state.StateFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 decode}: the latents of a kept run become a video again, by other settings. */
@Command(
    name = "decode",
    description = {
      "Decodes the final latents of a run again, by other settings of the decoder.",
      "The state stays; t3 generate --keep-state leaves one."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("UnusedVariable")
public final class DecodeCommand implements Callable<Integer> {
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
      description = "Where the video goes (default: in place of the run's video).")
  private @Nullable String out;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final VaeOptions vae = new VaeOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final StateOptions options = new StateOptions();

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    SavedCommand command = SavedCommand.of(folder, spec.commandLine().getParseResult());
    return VideoSession.run(
        command.options(),
        spec.commandLine().getErr(),
        session -> decode(session, command, started));
  }

  private int decode(VideoSession session, SavedCommand command, Instant started)
      throws IOException {
    GenerationRequest request = session.request(command.prompt());
    VideoRecord record = session.record(request, command.told());
    StateFolder kept = StateFolder.open(folder, ProgramVersion.CURRENT, SavePace.usual());
    StateFolder decoding = kept;
    String output;
    KeptVideo video;
    try {
      output = out != null ? out : SavedCommand.outputOf(folder, kept.settings());
      boolean inPlace =
          SavedRun.folderOf(Path.of(output))
              .toAbsolutePath()
              .normalize()
              .equals(folder.toAbsolutePath().normalize());
      options.keep |= inPlace;
      video = new KeptVideo(session, options);
      RunSettings settings = video.settings(request, record, command.toGoOn(), output);
      if (inPlace) {
        kept.restartDecode(settings);
      } else {
        decoding = kept.forkDecode(video.makeRoom(output, settings), settings);
        kept.close();
      }
      session.note("decoding the latents of " + folder);
    } catch (IOException | RuntimeException e) {
      kept.close();
      throw e;
    }
    video.run(decoding, request, output);
    session.noteWritten(output, request, started);
    return 0;
  }
}
