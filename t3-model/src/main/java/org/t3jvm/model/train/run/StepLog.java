package org.t3jvm.model.train.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.train.TrainingStep;

/** A line of JSON for every step. */
final class StepLog implements AutoCloseable {
  private final BufferedWriter writer;

  /**
   * A log that continues after step {@code steps}; lines of later ones, and one that was cut off,
   * are dropped.
   */
  StepLog(Path file, long steps) throws IOException {
    Files.write(file, kept(file, steps));
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }

  private static List<String> kept(Path file, long steps) throws IOException {
    try {
      return Files.readAllLines(file).stream().limit(steps).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Adds the line of a step. */
  void add(TrainingStep step) throws IOException {
    writer.write(RecordJson.mapper().writeValueAsString(step));
    writer.newLine();
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
