package org.t3jvm.cli.command;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.cli.option.SweepOptions;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.provenance.VideoRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code t3 generate}: a prompt becomes a video file. */
@Command(
    name = "generate",
    description = "Renders a video from a text prompt.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class GenerateCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "What to show.")
  private String prompt = "";

  @Mixin private final GenerationOptions options = new GenerationOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE.mp4|DIR/",
      description = "H.264 video, or a folder of PNG frames (default: ${DEFAULT-VALUE}).")
  private String out = "video.mp4";

  @Mixin private final SweepOptions sweep = new SweepOptions();

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    return VideoSession.run(
        options, spec.commandLine().getErr(), session -> make(session, started));
  }

  private int make(VideoSession session, Instant started) throws IOException {
    GenerationRequest request = session.request(prompt);
    session.note(session.description(request));
    session.warnOfCut(request);
    if (sweep.previewOnly()) {
      new PreviewRun(session, request, options.preview.every(request), out).make(sweep);
      return 0;
    }
    ParseResult parsed = spec.commandLine().getParseResult();
    Map<String, String> given = Map.of("--prompt", prompt);
    VideoRecord record = session.record(request, GivenArguments.of(parsed, given));
    KeptVideo video = new KeptVideo(session, options.state);
    video.begin(
        request, out, video.settings(request, record, GivenArguments.toGoOn(parsed, given), out));
    session.noteWritten(out, request, started);
    return 0;
  }

  String prompt() {
    return prompt;
  }

  GenerationOptions options() {
    return options;
  }
}
