package org.t3jvm.model.train.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.t3jvm.event.UnfinishedRunException;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.state.FolderLock;
import org.t3jvm.model.train.TrainingState;
import org.t3jvm.model.train.page.TrainingPage;
import org.t3jvm.model.video.PngFile;
import org.t3jvm.train.TrainingJob;

/**
 * The folder that a training is resumed from, within its output, or beside it where that is a file.
 * One process has it at a time.
 */
public final class TrainingFolder implements AutoCloseable {
  private static final String NAME = "training";
  private static final String JOB = "job.json";
  private static final String STATE = "state.safetensors";
  private static final String LOG = "log.jsonl";
  private static final String DONE = "done";
  private static final String ENCODED = "encoded";
  private static final String PAGE = "page.html";
  private static final String SAMPLES = "samples";
  private static final String PART = ".part";

  private final Path folder;
  private final FolderLock lock;

  private TrainingFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Deletes what a process that was killed had begun to write, in the state and for the output. */
  private TrainingFolder cleared(Path out) throws IOException {
    delete(folder, ".", PART);
    if (Files.isDirectory(out)) {
      delete(out, ".", PART);
    } else {
      delete(folder.resolveSibling(""), "." + out.getFileName() + ".", PART);
    }
    return this;
  }

  /** Deletes the files of a folder whose names begin and end so, if there are any. */
  private static void delete(Path folder, String begin, String end) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.startsWith(begin) && name.endsWith(end)) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * The folder of a new training.
   *
   * @param out the training's output, made if it is not there
   * @param restart whether another training that is not finished is discarded
   * @throws UnfinishedRunException if there is one, and it is not to be discarded
   */
  static TrainingFolder create(Path out, TrainingJob job, boolean restart) throws IOException {
    Path folder = job.model().inOneFile() ? beside(out) : out.resolve(NAME);
    Files.createDirectories(folder.toAbsolutePath().getParent());
    TrainingFolder made = new TrainingFolder(folder, FolderLock.create(folder));
    try {
      if (Files.exists(folder.resolve(STATE)) && !Files.exists(folder.resolve(DONE)) && !restart) {
        throw new UnfinishedRunException(
            out, "'%s' holds a training that is not finished".formatted(out), false);
      }
      for (String file : new String[] {DONE, STATE, LOG}) {
        Files.deleteIfExists(folder.resolve(file));
      }
      delete(folder.resolve(SAMPLES), "step-", ".png");
      made.cleared(out);
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
    Path folder = folderOf(out);
    return new TrainingFolder(folder, FolderLock.take(folder)).cleared(out);
  }

  /** True if a training of this job was begun in its output, and is finished or can be resumed. */
  static boolean isOf(TrainingJob job) throws IOException {
    Path folder =
        job.model().inOneFile() ? beside(job.files().out()) : job.files().out().resolve(NAME);
    Path file = folder.resolve(JOB);
    return Files.exists(file) && TrainingJob.fromJson(Files.readString(file)).equals(job);
  }

  private static Path beside(Path out) {
    return out.resolveSibling(out.getFileName() + "." + NAME);
  }

  private static Path folderOf(Path out) throws IOException {
    Path within = out.resolve(NAME);
    Path found = Files.exists(within.resolve(JOB)) ? within : beside(out);
    if (!Files.exists(found.resolve(JOB))) {
      throw new IOException("'%s' has no training, there is no %s/%s".formatted(out, within, JOB));
    }
    return found;
  }

  /** The job that the training was begun with. */
  TrainingJob job() throws IOException {
    Path file = folder.resolve(JOB);
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

  /** Where encoded clips are kept if nothing else is asked for. */
  Path encoded() {
    return folder.resolve(ENCODED);
  }

  /** The file with a line for every step. */
  Path log() {
    return folder.resolve(LOG);
  }

  /** The page with curves and samples. */
  TrainingPage page() {
    return new TrainingPage(folder.resolve(PAGE), folder.resolve(SAMPLES));
  }

  /** Keeps the sample picture after so many steps. */
  void sample(long steps, BufferedImage picture) throws IOException {
    Path samples = Files.createDirectories(folder.resolve(SAMPLES));
    PngFile.write(samples.resolve("step-%07d.png".formatted(steps)), picture);
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
