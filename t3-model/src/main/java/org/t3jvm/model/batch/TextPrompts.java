package org.t3jvm.model.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prompts in text, one a line. A line that means something else, such as an option or a row of
 * another format, is refused: rendered as a prompt it would cost a whole video.
 */
final class TextPrompts {
  private static final Pattern OPTION =
      Pattern.compile("(?:^|\\s)(--?[a-zA-Z][a-zA-Z_-]*)(?=[\\s=]|$)");
  private static final Pattern TAG = Pattern.compile("<(?:lora|lyco|hypernet):[^>]*>");
  private static final Pattern NAMED = Pattern.compile("^([a-zA-Z_ -]{1,30}?)\\s*[:=]");

  private TextPrompts() {}

  static List<PromptEntry> of(String text) {
    List<PromptEntry> prompts = new ArrayList<>();
    int number = 0;
    for (String each : text.lines().toList()) {
      number++;
      String line = each.strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        String place = ": line " + number;
        boolean first = prompts.isEmpty();
        prompts.add(
            PromptEntry.of(
                () -> {
                  requirePrompt(line, place, first);
                  return Prompt.of(line);
                }));
      }
    }
    return prompts;
  }

  private static void requirePrompt(String line, String place, boolean first)
      throws PromptException {
    if (line.startsWith("{") || line.startsWith("[")) {
      throw new PromptException(place + " is JSON; name the file .jsonl, or .json for one list");
    }
    if (line.startsWith("//")) {
      throw new PromptException(place + " begins with //; comments begin with #");
    }
    if (first && isHeader(line)) {
      throw new PromptException(place + " is the header of a table; name the file .csv");
    }
    Matcher option = OPTION.matcher(line);
    while (option.find()) {
      if (option.group(1).charAt(1) == '-' || option.start() == 0) {
        throw new PromptException(
            "%s holds the option %s; give it in a .jsonl file, as in {\"prompt\": \"a fox\", \"seed\": 5}"
                .formatted(place, option.group(1)));
      }
    }
    Matcher tag = TAG.matcher(line);
    if (tag.find()) {
      throw new PromptException(
          "%s holds %s, which another program reads as an option; give the file with --lora"
              .formatted(place, tag.group()));
    }
    Matcher named = NAMED.matcher(line);
    if (named.find() && Field.of(named.group(1)).isPresent()) {
      throw new PromptException(
          "%s sets \"%s\"; give it in a .jsonl file, as in {\"prompt\": \"a fox\", \"negative\": \"blurry\"}"
              .formatted(place, named.group(1).strip()));
    }
  }

  private static boolean isHeader(String line) {
    String[] names = line.split("[,;\t]", -1);
    return names.length > 1
        && Arrays.stream(names).allMatch(name -> Field.of(name).isPresent())
        && Arrays.stream(names)
            .anyMatch(name -> Field.of(name).filter(Field.PROMPT::equals).isPresent());
  }
}
