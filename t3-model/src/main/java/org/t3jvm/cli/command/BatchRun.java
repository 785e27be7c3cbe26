package org.t3jvm.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.cli.error.StoppedException;
import org.t3jvm.cli.option.StateOptions;
import org.t3jvm.model.batch.Manifest;
import org.t3jvm.model.batch.Prompt;
import org.t3jvm.model.batch.PromptFile;
import org.t3jvm.model.batch.PromptRange;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.model.video.VideoTags;
import org.t3jvm.model.video.VideoWriters;
import picocli.CommandLine.ParseResult;

/** One run over a file of prompts: skips what is there, makes the rest, goes on after failures. */
final class BatchRun {
  /** Name of the manifest, beside the videos. */
  static final String MANIFEST = "manifest.jsonl";

  private final VideoSession session;
  private final Path folder;
  private final Path manifestFile;
  private final Manifest manifest;
  private final ParseResult parsed;
  private final KeptVideo video;
  private final Set<String> listed = new HashSet<>();
  private int made;
  private int skipped;
  private int failed;

  BatchRun(VideoSession session, Path folder, ParseResult parsed, StateOptions state) {
    this.session = session;
    this.folder = folder;
    this.manifestFile = folder.resolve(MANIFEST);
    this.manifest = new Manifest(manifestFile);
    this.parsed = parsed;
    this.video = new KeptVideo(session, state);
  }

  /**
   * Makes what is missing of a range.
   *
   * @throws UsageException if the options can be of no video
   * @throws IOException if the manifest cannot be read or written
   */
  void make(PromptFile prompts, PromptRange range) throws IOException {
    if (range.size() == 0) {
      return;
    }
    GenerationRequest like = session.request(prompts.prompts().get(range.start()).text());
    session.note(session.description(like));
    Set<String> names =
        IntStream.range(range.start(), range.end())
            .mapToObj(index -> name(like, index))
            .collect(Collectors.toSet());
    VideoWriters.deleteLeftovers(folder, names);
    manifest.read().stream()
        .filter(entry -> entry.error() == null)
        .forEach(entry -> listed.add(entry.output()));
    for (int index = range.start(); index < range.end(); index++) {
      Prompt prompt = prompts.prompts().get(index);
      GenerationRequest request = request(like, prompt);
      VideoRecord record = session.record(request, GivenArguments.of(parsed, prompt.options()));
      String name = name(request, index);
      String line = "[%d of %d] ".formatted(index - range.start() + 1, range.size());
      if (Files.isRegularFile(folder.resolve(name))) {
        skip(index, name, record, line);
      } else {
        session.note(line + name + ": " + prompt.text());
        make(index, name, prompt, request, record);
      }
    }
  }

  private static GenerationRequest request(GenerationRequest like, Prompt prompt) {
    GenerationRequest request = like.withPrompt(prompt.text());
    if (prompt.seed() != null) {
      request = request.withSeed(prompt.seed());
    }
    return prompt.negative() == null ? request : request.withNegative(prompt.negative());
  }

  /** As upstream names them (SPEC 13). */
  private String name(GenerationRequest request, int index) {
    FrameSize size = session.frameSize();
    return String.format(
        Locale.ROOT, "%d_%d_%d_%d.mp4", size.height(), size.width(), request.frames(), index);
  }

  private void skip(int index, String name, VideoRecord asked, String line) throws IOException {
    skipped++;
    VideoRecord found =
        VideoRecord.parse(VideoTags.read(folder.resolve(name)).get(VideoRecord.COMMENT))
            .orElse(asked);
    session.note(
        line
            + name
            + (found.equals(asked)
                ? " is there already"
                : " is there already, made with other settings; delete it to make it again"));
    if (!listed.contains(name)) {
      append(index, name, found, null, null);
    }
  }

  private void make(
      int index, String name, Prompt prompt, GenerationRequest request, VideoRecord record)
      throws IOException {
    long started = System.nanoTime();
    String error = null;
    session.warnOfCut(request);
    try {
      String out = folder.resolve(name).toString();
      List<String> toGoOn = GivenArguments.toGoOn(parsed, prompt.options());
      video.beginOrGoOn(request, out, video.settings(request, record, toGoOn, out));
      made++;
    } catch (StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      error = ErrorLine.of(e);
      session.warn("t3: %s: %s".formatted(name, error));
      failed++;
    }
    append(index, name, record, (System.nanoTime() - started) / 1e9, error);
  }

  private void append(
      int index, String name, VideoRecord record, @Nullable Double seconds, @Nullable String error)
      throws IOException {
    manifest.append(
        new Manifest.Entry(
            index,
            record.prompt(),
            record.seed(),
            record.settings(),
            seconds,
            name,
            session.cut(record.prompt()).orElse(null),
            error));
  }

  int made() {
    return made;
  }

  int skipped() {
    return skipped;
  }

  int failed() {
    return failed;
  }

  Path manifest() {
    return manifestFile;
  }
}
