package org.t3jvm.model.train.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.model.train.page.TrainingPage;
import org.t3jvm.train.TrainingStep;

/** A line of JSON for every step. */
final class StepLog implements AutoCloseable {
  private final BufferedWriter writer;
  private final List<TrainingStep> steps = new ArrayList<>();

  /** A log that continues after so many steps; lines of later ones are dropped. */
  StepLog(Path file, long done) throws IOException {
    List<String> lines = kept(file, done);
    for (String line : lines) {
      steps.add(RecordJson.read(line, TrainingStep.class));
    }
    try (AtomicFile begun = AtomicFile.create(file)) {
      for (String line : lines) {
        begun.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      begun.commit();
    }
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }

  private static List<String> kept(Path file, long done) throws IOException {
    try {
      return Files.readAllLines(file).stream().limit(done).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Adds the line of a step. */
  void add(TrainingStep step) throws IOException {
    steps.add(step);
    writer.write(RecordJson.mapper().writeValueAsString(step));
    writer.write('\n');
    writer.flush();
  }

  /** The figures of all steps, for the page. */
  TrainingPage.Figures figures(String title) {
    return new TrainingPage.Figures(
        title, all(TrainingStep::loss), all(TrainingStep::norm), all(TrainingStep::rate));
  }

  private double[] all(ToDoubleFunction<TrainingStep> figure) {
    return steps.stream().mapToDouble(figure).toArray();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
