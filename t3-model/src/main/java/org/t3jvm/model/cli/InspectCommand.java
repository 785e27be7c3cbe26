package org.t3jvm.model.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.Checkpoints;
import org.t3jvm.model.pipeline.ModelConfigFile;
import org.t3jvm.model.quantize.CheckpointComparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 inspect}: what a checkpoint, every checkpoint in a folder, or a video holds. */
@Command(
    name = "inspect",
    description = {
      "Tells what a checkpoint holds: kind, configuration, tensors, dtypes, bytes;",
      "and how a video was made, with the command that makes it again."
    },
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
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
      report(path);
      return 0;
    }
    List<Path> files = checkpoints(path);
    if (files.isEmpty()) {
      throw new IOException("folder '%s' holds no .safetensors or .pth file".formatted(path));
    }
    for (Path file : files) {
      report(file);
    }
    return 0;
  }

  private void compare(Path file) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Checkpoint actual = Checkpoints.open(file);
        Checkpoint expected = Checkpoints.open(path)) {
      new ComparisonReport(new CheckpointComparison(actual, expected).compare())
          .print(out, everyTensor);
    }
    out.flush();
  }

  private void report(Path file) throws IOException {
    Path config = file.toAbsolutePath().resolveSibling("config.json");
    OptionalInt heads = Files.exists(config) ? ModelConfigFile.heads(config) : OptionalInt.empty();
    PrintWriter out = spec.commandLine().getOut();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      new CheckpointReport(checkpoint, heads).print(out, everyTensor);
    }
    out.flush();
  }

  private static List<Path> checkpoints(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.(safetensors|pth)"))
          .sorted()
          .toList();
    }
  }
}
