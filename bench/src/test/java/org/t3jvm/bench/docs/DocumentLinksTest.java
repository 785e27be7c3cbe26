package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every relative link of the documents names a file, and every anchor a heading of it. */
class DocumentLinksTest {
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.*)$");

  private static final Pattern PUNCTUATION = Pattern.compile("[^\\p{L}\\p{N} _-]");
  private static final Pattern SPACE = Pattern.compile(" ");

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : ProjectFiles.documents()) {
      for (Matcher link = LINK.matcher(Files.readString(document)); link.find(); links++) {
        Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
        String anchor = link.group(2);
        if (!Files.exists(target) || (anchor != null && !anchors(target).contains(anchor))) {
          broken.add(ProjectFiles.name(document) + ": " + link.group());
        }
      }
    }
    assertThat(broken).as("links that lead nowhere").isEmpty();
    assertThat(links).as("links found").isPositive();
  }

  /** Headings as they appear in links: lower case, punctuation dropped, spaces as hyphens. */
  private static Set<String> anchors(Path document) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (Matcher heading = HEADING.matcher(Files.readString(document)); heading.find(); ) {
      String words = PUNCTUATION.matcher(heading.group(1)).replaceAll("");
      anchors.add(SPACE.matcher(words.toLowerCase(Locale.ROOT)).replaceAll("-"));
    }
    return anchors;
  }
}
