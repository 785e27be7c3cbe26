package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.state.FolderLock;
import org.t3jvm.model.train.TrainingState;
import org.t3jvm.train.TrainingJob;

/** The folder within a training's output that it is resumed from; one process has it at a time. */
public final class TrainingFolder implements AutoCloseable {
  private static final String NAME = "training";
  private static final String JOB = "job.json";
  private static final String STATE = "state.safetensors";
  private static final String LOG = "log.jsonl";
  private static final String DONE = "done";

  private final Path folder;
  private final FolderLock lock;

  private TrainingFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * The folder of a new training.
   *
   * @param out the training's output, made if it is not there
   * @param restart whether another training that is not finished is discarded
   * @throws UnfinishedRunException if there is one, and it is not to be discarded
   */
  static TrainingFolder create(Path out, TrainingJob job, boolean restart) throws IOException {
    Files.createDirectories(out);
    Path folder = out.resolve(NAME);
    TrainingFolder made = new TrainingFolder(folder, FolderLock.create(folder));
    try {
      if (Files.exists(folder.resolve(STATE)) && !Files.exists(folder.resolve(DONE)) && !restart) {
        throw new UnfinishedRunException(
            out, "'%s' holds a training that is not finished".formatted(out), false);
      }
      for (String file : new String[] {DONE, STATE, LOG}) {
        Files.deleteIfExists(folder.resolve(file));
      }
      made.write(JOB, job.toJson());
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /**
   * The folder of a training that was begun.
   *
   * @throws IOException if there is none
   */
  static TrainingFolder open(Path out) throws IOException {
    Path folder = out.resolve(NAME);
    if (!Files.exists(folder.resolve(JOB))) {
      throw new IOException("'%s' holds no training, there is no %s/%s".formatted(out, NAME, JOB));
    }
    return new TrainingFolder(folder, FolderLock.take(folder));
  }

  /** The job that the training was begun with. */
  static TrainingJob job(Path out) throws IOException {
    Path file = out.resolve(NAME).resolve(JOB);
    if (!Files.exists(file)) {
      throw new IOException("'%s' holds no training, there is no %s/%s".formatted(out, NAME, JOB));
    }
    try {
      return TrainingJob.fromJson(Files.readString(file));
    } catch (IOException e) {
      throw new IOException("'%s': %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The state that was saved last, if any was. */
  Optional<TrainingState> state() throws IOException {
    Path file = folder.resolve(STATE);
    return Files.exists(file) ? Optional.of(TrainingState.read(file)) : Optional.empty();
  }

  /** Saves a state in place of the one before; a failure leaves that one. */
  void save(TrainingState state) throws IOException {
    state.write(folder.resolve(STATE));
  }

  /** Notes that the trained model is written; then there is nothing to resume. */
  void done() throws IOException {
    write(DONE, "");
    Files.deleteIfExists(folder.resolve(STATE));
  }

  /** True if the trained model is written. */
  boolean isDone() {
    return Files.exists(folder.resolve(DONE));
  }

  /** The file with a line for every step. */
  Path log() {
    return folder.resolve(LOG);
  }

  private void write(String name, String text) throws IOException {
    try (AtomicFile file = AtomicFile.create(folder.resolve(name))) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
