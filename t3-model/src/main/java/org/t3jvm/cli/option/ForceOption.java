package org.t3jvm.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Output;
import org.t3jvm.model.video.PngSequenceWriter;
import org.t3jvm.model.video.VideoWriters;
import picocli.CommandLine.Option;

/** Whether what is there already is replaced. */
public final class ForceOption {
  @Option(names = "--force", description = "Replace the output if it exists.")
  private boolean force;

  /**
   * Fails if a video cannot go there, or only in place of another one.
   *
   * @throws UsageException naming the output
   */
  public void requireFree(Output output) throws IOException {
    try {
      VideoWriters.requireName(output.toString());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (Files.isDirectory(output.path())) {
      if (!force && PngSequenceWriter.hasFrames(output.path())) {
        throw new UsageException(
            "folder '%s' holds frames; give another --out or --force".formatted(output));
      }
    } else {
      requireFree(List.of(output.path()));
    }
  }

  /**
   * Fails if one of these files exists.
   *
   * @throws UsageException naming it
   */
  public void requireFree(List<Path> files) {
    files.forEach(file -> requireFree("--out", file));
  }

  /**
   * Fails if the file of an option exists.
   *
   * @throws UsageException naming both
   */
  public void requireFree(String option, Path file) {
    if (!force && Files.exists(file)) {
      throw new UsageException("'%s' exists; give another %s or --force".formatted(file, option));
    }
  }
}
