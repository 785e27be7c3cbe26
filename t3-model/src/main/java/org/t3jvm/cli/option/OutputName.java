package org.t3jvm.cli.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.t3jvm.model.state.SavedRun;

/** The name of a video for which none is given. */
public final class OutputName {
  /** Characters of the prompt; four bytes each at most, where a name has room for 255. */
  private static final int MOST = 40;

  private OutputName() {}

  /**
   * A name that neither a video nor an unfinished run has in {@code folder}, such as {@code
   * a-red-ball-7.mp4}.
   */
  public static Path free(Path folder, String prompt, long seed) {
    String stem = stem(prompt) + "-" + seed;
    Path video = folder.resolve(stem + ".mp4");
    for (int i = 2; taken(video); i++) {
      video = folder.resolve(stem + "-" + i + ".mp4");
    }
    return video;
  }

  private static boolean taken(Path video) {
    return Files.exists(video) || Files.exists(SavedRun.folderOf(video));
  }

  /** Letters and digits of any script; all else becomes one dash. */
  private static String stem(String prompt) {
    String words = prompt.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{M}\\p{N}]+", "-");
    String plain = words.replaceAll("^-", "");
    int end = plain.offsetByCodePoints(0, Math.min(MOST, plain.codePointCount(0, plain.length())));
    String stem = plain.substring(0, end).replaceAll("-$", "");
    return stem.isEmpty() ? "video" : stem;
  }
}
