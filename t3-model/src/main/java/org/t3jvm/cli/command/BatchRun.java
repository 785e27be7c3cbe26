package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.StoppedException;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.batch.BatchManifest;
import org.t3jvm.model.batch.Prompt;
import org.t3jvm.model.batch.PromptFile;
import org.t3jvm.model.batch.PromptRange;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.SavedRun;
import org.t3jvm.model.video.VideoTags;
import org.t3jvm.model.video.VideoWriters;

/**
 * One run over a file of prompts: skips what is there, makes the rest, continues after failures.
 */
final class BatchRun {
  /** Name of the manifest, beside the videos. */
  static final String MANIFEST = "manifest.jsonl";

  private final VideoSession session;
  private final Path folder;
  private final GenerationOptions options;
  private final PromptFile prompts;
  private final Function<String, Path> files;
  private final Path manifestFile;
  private final BatchManifest manifest;
  private final Set<String> listed = new HashSet<>();
  private int made;
  private int skipped;
  private int changed;
  private int failed;

  /**
   * @param files where the images are that the prompts name
   */
  BatchRun(
      VideoSession session,
      PromptFile prompts,
      Function<String, Path> files,
      Path folder,
      GenerationOptions options) {
    this.session = session;
    this.prompts = prompts;
    this.files = files;
    this.folder = folder;
    this.options = options;
    this.manifestFile = folder.resolve(MANIFEST);
    this.manifest = new BatchManifest(manifestFile);
  }

  /**
   * Makes what is missing of a range.
   *
   * @throws org.t3jvm.job.JobException if the options can be of no video
   * @throws IOException if the manifest cannot be read or written
   */
  void make(PromptRange range) throws IOException {
    if (range.size() == 0) {
      return;
    }
    List<BatchManifest.Entry> before = manifest.read();
    requireOwnFolder(before);
    List<VideoJob> jobs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int index = range.start(); index < range.end(); index++) {
      Prompt prompt = prompts.prompts().get(index);
      VideoJob job = session.t3().complete(prompt.job(options.job(prompt.text()), files));
      jobs.add(job);
      names.add(Prompt.video(job, index));
    }
    session.describe(jobs.getFirst());
    VideoWriters.deleteLeftovers(folder, names);
    before.stream()
        .filter(entry -> entry.error() == null)
        .forEach(entry -> listed.add(entry.output()));
    for (int index = range.start(); index < range.end(); index++) {
      Prompt prompt = prompts.prompts().get(index);
      VideoJob job = jobs.get(index - range.start());
      String name = Prompt.video(job, index);
      String line = "[%d of %d] ".formatted(index - range.start() + 1, range.size());
      if (Files.isRegularFile(folder.resolve(name))) {
        skip(index, name, job, line);
      } else {
        session.note(line + name + ": " + prompt.text());
        make(index, name, job);
      }
    }
  }

  /** Names of videos have no more of their prompts' file than its stem. */
  private void requireOwnFolder(List<BatchManifest.Entry> before) {
    String file = prompts.name();
    for (BatchManifest.Entry entry : before) {
      if (entry.file() != null && !entry.file().equals(file)) {
        throw new UsageException(
            "folder '%s' holds the videos of %s; give another --out for those of %s"
                .formatted(folder, entry.file(), file));
      }
    }
  }

  private void skip(int index, String name, VideoJob asked, String line) throws IOException {
    Path video = folder.resolve(name);
    VideoJob found =
        VideoRecord.parse(VideoTags.read(video).get(VideoRecord.COMMENT))
            .map(VideoRecord::job)
            .orElse(asked);
    if (!found.text().prompt().equals(asked.text().prompt())) {
      changed++;
      String error =
          "is of another prompt, '%s'; delete it to make that of '%s'"
              .formatted(found.text().prompt(), asked.text().prompt());
      session.warn("t3: " + line + name + " " + ErrorLine.oneLine(error));
      append(index, name, asked, null, error);
      return;
    }
    skipped++;
    session.note(
        line
            + name
            + (session.t3().made(video, asked)
                ? " is there already"
                : " is there already, made with other settings; delete it to make it again"));
    if (!listed.contains(name)) {
      append(index, name, found, null, null);
    }
  }

  private void make(int index, String name, VideoJob job) throws IOException {
    long started = System.nanoTime();
    String error = null;
    session.warnOfCut(job);
    try {
      Output output = options.output(folder.resolve(name).toString(), Output.Unfinished.RESUME);
      session.make(
          SavedRun.folderOf(output.path()),
          options.preview.listener(job, output, session::warn),
          (events, cancel) -> session.t3().generate(job, output, events, cancel));
      made++;
    } catch (StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      error = ErrorLine.of(e);
      session.warn("t3: %s: %s".formatted(name, error));
      failed++;
    }
    append(index, name, job, (System.nanoTime() - started) / 1e9, error);
  }

  private void append(
      int index, String name, VideoJob job, @Nullable Double seconds, @Nullable String error)
      throws IOException {
    manifest.append(
        new BatchManifest.Entry(
            index,
            prompts.name(),
            job,
            seconds,
            name,
            session.t3().unread(job).prompt().orElse(null),
            error));
  }

  int made() {
    return made;
  }

  int skipped() {
    return skipped;
  }

  /** Videos that are there, of a prompt that the file does not have any more. */
  int changed() {
    return changed;
  }

  int failed() {
    return failed;
  }

  Path manifest() {
    return manifestFile;
  }
}
