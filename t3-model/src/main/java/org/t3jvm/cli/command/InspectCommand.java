package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.report.CheckpointReport;
import org.t3jvm.cli.report.ComparisonReport;
import org.t3jvm.cli.report.FolderReport;
import org.t3jvm.cli.report.VideoReport;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.model.files.ModelConfigFile;
import org.t3jvm.model.layout.CheckpointFiles;
import org.t3jvm.model.weights.CheckpointComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 inspect}: what a checkpoint, every checkpoint in a folder, or a video holds. */
@Command(
    name = "inspect",
    description = {
      "Prints what a checkpoint holds: kind, configuration, tensors, dtypes, bytes;",
      "and how a video was made, with the command that makes it again."
    },
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  private static final int DEPTH = 4;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      description = "A .safetensors or .pth file, a shard index, a folder of them, or a video.")
  private Path path = Path.of("");

  @Option(names = "--tensors", description = "List every tensor with dtype and shape.")
  private boolean everyTensor;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description =
          "Tell how far the values of this checkpoint's tensors lie from those of the other, such"
              + " as quantised ones from the originals.")
  private @Nullable Path compared;

  @Override
  public Integer call() throws IOException {
    if (compared != null) {
      compare(compared);
      return 0;
    }
    if (VideoReport.takes(path)) {
      VideoReport.print(path, spec.commandLine().getOut());
      return 0;
    }
    if (!Files.isDirectory(path)) {
      report(CheckpointFiles.of(path));
      return 0;
    }
    List<CheckpointFiles> checkpoints = CheckpointFiles.in(path, DEPTH);
    if (checkpoints.isEmpty()) {
      throw new IOException("folder '%s' holds no .safetensors or .pth file".formatted(path));
    }
    PrintWriter out = spec.commandLine().getOut();
    FolderReport.print(path, out);
    int damaged = 0;
    for (CheckpointFiles files : checkpoints) {
      try {
        report(files);
      } catch (IOException e) {
        out.printf("%s%n  damaged   %s%n", files.first(), ErrorLine.oneLine(e.getMessage() + ""));
        damaged++;
      }
    }
    out.flush();
    if (damaged > 0) {
      throw new IOException(
          "%d of %d checkpoints in '%s' cannot be read; see above"
              .formatted(damaged, checkpoints.size(), path));
    }
    return 0;
  }

  private void compare(Path file) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    int processors = Runtime.getRuntime().availableProcessors();
    try (Checkpoint actual = CheckpointFiles.single(file).open(processors);
        Checkpoint expected = CheckpointFiles.single(path).open(processors)) {
      new ComparisonReport(new CheckpointComparison(actual, expected).compare(processors))
          .print(out, everyTensor);
    }
    out.flush();
  }

  private void report(CheckpointFiles files) throws IOException {
    Path config = files.first().toAbsolutePath().resolveSibling("config.json");
    OptionalInt heads = Files.exists(config) ? ModelConfigFile.heads(config) : OptionalInt.empty();
    PrintWriter out = spec.commandLine().getOut();
    try (Checkpoint checkpoint = files.open(1)) {
      new CheckpointReport(checkpoint, heads).print(out, everyTensor);
    }
    out.flush();
  }
}
