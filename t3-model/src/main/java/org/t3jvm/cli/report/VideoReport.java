package org.t3jvm.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.video.PngSequenceWriter;
import org.t3jvm.model.video.VideoTags;

/** The settings that a video records, and the command that makes it again. */
public final class VideoReport {
  private VideoReport() {}

  /** True for a video file, and for a folder of frames with their settings. */
  public static boolean takes(Path path) {
    return Files.isDirectory(path)
        ? Files.exists(path.resolve(PngSequenceWriter.SETTINGS))
        : String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).matches(".*\\.(mp4|mov|m4v)");
  }

  /**
   * Prints the report.
   *
   * @throws IOException if the video cannot be read or says nothing of how it was made
   */
  public static void print(Path video, PrintWriter out) throws IOException {
    Map<String, String> tags = VideoTags.read(video);
    VideoRecord record =
        VideoRecord.parse(tags.get(VideoRecord.COMMENT)).orElseThrow(() -> unread(video, tags));
    out.println(video);
    line(out, "prompt", record.job().text().prompt());
    line(out, "negative", String.valueOf(record.job().text().negative()));
    line(out, "model", "%s, %s".formatted(record.model().name(), record.model().hash()));
    new JobDescription(record.job()).fields().forEach((name, value) -> line(out, name, value));
    line(out, "t3", record.t3());
    line(out, "command", JobArguments.command(record));
    out.flush();
  }

  private static IOException unread(Path video, Map<String, String> tags) {
    String why =
        VideoRecord.writer(tags.get(VideoRecord.COMMENT))
            .map(
                version ->
                    "was made by t3 %s, whose settings this version does not read; t3 inspect of that version prints them"
                        .formatted(Messages.printable(version)))
            .orElse(
                "holds no settings of t3: it was made by another program, or its tags were"
                    + " removed");
    return new IOException("'%s' %s".formatted(video, why));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println(String.format(Locale.ROOT, "  %-10s %s", name, Messages.printable(value)));
  }
}
