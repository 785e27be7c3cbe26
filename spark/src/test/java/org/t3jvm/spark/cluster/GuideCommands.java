package org.t3jvm.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The {@code spark-submit} lines of the guide. */
final class GuideCommands {
  private static final Path GUIDE = Path.of("../docs/spark.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)^spark-submit ((?:.*\\\\\\n)*.*)$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  private GuideCommands() {}

  /**
   * The arguments of the command that has a word.
   *
   * @param places what stands in the guide for places of a user, and what of this test takes its
   *     place
   */
  static List<String> with(String word, Map<String, String> places) throws IOException {
    for (MatchResult command : COMMAND.matcher(Files.readString(GUIDE)).results().toList()) {
      if (command.group(1).contains(word)) {
        List<String> words = new ArrayList<>();
        for (MatchResult each :
            WORD.matcher(command.group(1).replace("\\\n", " ")).results().toList()) {
          String text = each.group(1) != null ? each.group(1) : each.group(2);
          for (Map.Entry<String, String> place : places.entrySet()) {
            text = text.replace(place.getKey(), place.getValue());
          }
          words.add(text);
        }
        return words;
      }
    }
    throw new IOException("%s has no spark-submit with %s".formatted(GUIDE, word));
  }
}
