package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every "SPEC n", "SPEC n.m" and "SPEC n, step k" of the sources names a part of the document. */
class SpecReferencesTest {
  /** A numbered heading, and the text up to the next one. */
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^#{2,3} (\\d+(?:\\.\\d+)?)\\b(.*?)(?=^#{2,3} |\\z)");

  private static final Pattern REFERENCE =
      Pattern.compile(
          "SPEC (\\d+(?:\\.\\d+)?(?:(?:,| and| to) \\d+(?:\\.\\d+)?)*)(?:, steps? (\\d+)(?: to"
              + " (\\d+))?)?");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");

  /** A line break inside a comment, with what the next line of the comment starts with. */
  private static final Pattern COMMENT_BREAK = Pattern.compile("\\s*\\n\\s*(?:\\*|//)?\\s*");

  @Test
  void everyReferenceNamesASection() throws IOException {
    Map<String, String> sections = sections(Files.readString(ProjectFiles.SPEC));
    List<String> wrong = new ArrayList<>();
    int references = 0;
    for (Path file : ProjectFiles.mainSources()) {
      String text = COMMENT_BREAK.matcher(Files.readString(file)).replaceAll(" ");
      for (Matcher reference = REFERENCE.matcher(text); reference.find(); references++) {
        if (!exists(reference, sections)) {
          wrong.add(ProjectFiles.name(file) + ": " + reference.group());
        }
      }
    }
    assertThat(wrong).as("references without a section in docs/SPEC.md").isEmpty();
    assertThat(references).as("references found").isGreaterThan(100);
  }

  @Test
  void wrongReferencesAreFound() {
    Map<String, String> sections = sections("## 1. One\n\n1. first\n\n### 1.1 Part\n\n## 2. Two\n");
    for (String right : List.of("SPEC 1", "SPEC 1.1", "SPEC 1 and 2", "SPEC 1, step 1")) {
      assertThat(exists(matched(right), sections)).as(right).isTrue();
    }
    for (String wrong : List.of("SPEC 3", "SPEC 1.2", "SPEC 1 and 3", "SPEC 1, step 2")) {
      assertThat(exists(matched(wrong), sections)).as(wrong).isFalse();
    }
  }

  private static Matcher matched(String reference) {
    Matcher matcher = REFERENCE.matcher(reference);
    assertThat(matcher.matches()).as(reference).isTrue();
    return matcher;
  }

  private static boolean exists(Matcher reference, Map<String, String> sections) {
    String last = "";
    for (Matcher number = NUMBER.matcher(reference.group(1)); number.find(); ) {
      last = number.group();
      if (!sections.containsKey(last)) {
        return false;
      }
    }
    for (int group = 2; group <= 3; group++) {
      String step = reference.group(group);
      if (step != null && !sections.getOrDefault(last, "").contains("\n" + step + ". ")) {
        return false;
      }
    }
    return true;
  }

  /** Section number to its text, up to the next heading. */
  private static Map<String, String> sections(String document) {
    Map<String, String> sections = new HashMap<>();
    for (Matcher section = SECTION.matcher(document); section.find(); ) {
      String number = section.group(1);
      assertThat(sections).as("sections so far, each number once").doesNotContainKey(number);
      sections.put(number, section.group(2));
    }
    return sections;
  }
}
