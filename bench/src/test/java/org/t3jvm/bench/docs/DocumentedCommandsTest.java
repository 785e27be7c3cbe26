package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every {@code t3} command of the documents has options and values that the command line takes. */
class DocumentedCommandsTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```");
  private static final Pattern INLINE = Pattern.compile("(?<!`)`(\\./t3 [^`]+)`(?!`)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @TestFactory
  Stream<DynamicTest> commandsParse() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : ProjectFiles.documents()) {
      for (String command : commands(Files.readString(document))) {
        String name = ProjectFiles.name(document) + ": " + command;
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () ->
                    assertThatCode(() -> CommandLines.create().parseArgs(arguments(command)))
                        .as(name)
                        .doesNotThrowAnyException()));
      }
    }
    assertThat(tests).as("commands found").hasSizeGreaterThan(20);
    return tests.stream();
  }

  @Test
  void commandsAreFoundInBlocksAndInLine() {
    String document =
        """
        Run `./t3 devices`, or `t3 plan` or `./t3 ...`.

        ```
        export X=1
        ./t3 generate --prompt "a red fox" --negative '' --out x.mp4
        ```
        """;
    List<String> commands = commands(document);
    assertThat(commands)
        .containsExactlyInAnyOrder(
            "./t3 devices", "./t3 generate --prompt \"a red fox\" --negative '' --out x.mp4");
    assertThat(arguments("./t3 generate --prompt \"a red fox\" --negative ''"))
        .containsExactly("generate", "--prompt", "a red fox", "--negative", "");
  }

  private static List<String> commands(String document) {
    Stream<String> lines =
        BLOCK
            .matcher(document)
            .results()
            .flatMap(block -> block.group(1).lines())
            .filter(line -> line.startsWith("./t3 "));
    Stream<String> inline =
        INLINE
            .matcher(BLOCK.matcher(document).replaceAll(""))
            .results()
            .map(found -> found.group(1).replace('\n', ' '));
    return Stream.concat(lines, inline).filter(line -> !line.equals("./t3 ...")).toList();
  }

  /** The words after {@code ./t3}, without their quotes, as a shell would pass them. */
  private static String[] arguments(String command) {
    return WORD.matcher(command)
        .results()
        .skip(1)
        .map(DocumentedCommandsTest::word)
        .toArray(String[]::new);
  }

  private static String word(MatchResult word) {
    for (int group = 1; group <= 2; group++) {
      if (word.group(group) != null) {
        return word.group(group);
      }
    }
    return word.group();
  }
}
