package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.embedded.TinyKind;
import org.t3jvm.model.embedded.TinyModelMaker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 make-tiny-model}: writes the model of {@code models/tiny}, or one of another seed. */
@Command(
    name = "make-tiny-model",
    description = "Writes a tiny untrained model of the full structure, to test with.",
    mixinStandardHelpOptions = true)
public final class MakeTinyModelCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder to write to, new or empty.")
  private Path folder = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the weights (default: ${DEFAULT-VALUE}).")
  private long seed = TinyModelMaker.DEFAULT_SEED;

  @Option(
      names = "--kind",
      paramLabel = "t2v|ti2v",
      description = "Structure of Wan2.1-T2V or of Wan2.2-TI2V, for --image (default: t2v).")
  private TinyKind kind = TinyKind.T2V;

  @Override
  public Integer call() throws IOException {
    requireNewOrEmpty();
    TinyModelMaker.make(folder, kind, seed);
    List<Path> files = files();
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "wrote %s: %d files, %.2f MB, untrained weights of seed %d",
                folder,
                files.size(),
                bytes / 1e6,
                seed));
    return 0;
  }

  private void requireNewOrEmpty() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new UsageException("'%s' is a file; give a new or empty folder".formatted(folder));
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new UsageException(
            "folder '%s' is not empty; give a new or empty one".formatted(folder));
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries.filter(Files::isRegularFile).toList();
    }
  }
}
