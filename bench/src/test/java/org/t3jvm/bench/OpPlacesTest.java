package org.t3jvm.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.graph.Op;

/**
 * Where the sources name single ops: just where CONTRIBUTING.md says, and never beside a default.
 */
class OpPlacesTest {
  private static final Path ROOT = root();

  private static final Pattern LISTED = Pattern.compile("`([a-z0-9-]+/[A-Za-z0-9/]+\\.java)`");

  private static final Pattern SWITCH = Pattern.compile("switch \\([^{]*\\{");

  /** A pattern of an op that is computed; a family, or what a graph is given, is none. */
  private static final Pattern NAMES_OP =
      Pattern.compile(
          "(case|instanceof)\\s+[A-Za-z]*Op\\.(%s)\\b"
              .formatted(
                  records(Op.Computed.class)
                      .map(Class::getSimpleName)
                      .collect(Collectors.joining("|"))));

  @Test
  void contributingListsThePlacesOfAnOp() throws IOException {
    Set<String> places = new TreeSet<>();
    for (Path source : sources()) {
      if (NAMES_OP.matcher(Files.readString(source)).find()) {
        places.add(shortName(source));
      }
    }
    Set<String> listed = new TreeSet<>();
    String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    int start = text.indexOf("## Add an op");
    Matcher matcher = LISTED.matcher(text.substring(start, text.indexOf("\n## ", start + 1)));
    while (matcher.find()) {
      listed.add(matcher.group(1));
    }
    assertThat(listed).isEqualTo(places);
  }

  @Test
  void noDefaultBranchTakesANewOp() throws IOException {
    for (Path source : sources()) {
      for (String body : switches(Files.readString(source))) {
        if (Pattern.compile("case [A-Za-z]*Op\\.").matcher(body).find()) {
          assertThat(body).as("switch over ops in %s", source).doesNotContain("default ->");
        }
      }
    }
  }

  /** The checks above must see what they look for. */
  @Test
  void findsSwitchesAndTheirOwnBranches() {
    String source =
        "switch (op) { case Op.Linear l -> switch (l.kind()) { case A -> 1; default -> 2; }; }";
    assertThat(switches(source)).hasSize(2);
    assertThat(switches(source).getFirst()).contains("case Op.Linear").doesNotContain("default ->");
    assertThat(NAMES_OP.matcher(source).find()).isTrue();
    assertThat(NAMES_OP.matcher("op instanceof MovementOp.Slice slice").find()).isTrue();
    assertThat(NAMES_OP.matcher("case Op.Given _, Op.Elementwise _ -> 0").find()).isFalse();
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(OpPlacesTest::records);
  }

  /** The bodies of all switches, each without the blocks inside of it. */
  private static List<String> switches(String source) {
    return SWITCH.matcher(source).results().map(found -> body(source, found.end())).toList();
  }

  private static String body(String source, int start) {
    StringBuilder body = new StringBuilder();
    int depth = 1;
    for (int i = start; i < source.length() && depth > 0; i++) {
      char c = source.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 1) {
        body.append(c);
      }
    }
    return body.toString();
  }

  /** Main sources of every module, those of the kernels for TornadoVM included. */
  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> ROOT.relativize(file).toString().matches("[^/]+/src/(main|tornado)/.*"))
          .filter(file -> !file.toString().matches(".*/graph/[A-Za-z]*Op.java"))
          .sorted()
          .toList();
    }
  }

  /** As {@code tensor/graph/ShapeRules.java}: module and path, without {@code src} and base. */
  private static String shortName(Path source) {
    String path = ROOT.relativize(source).toString();
    return path.replaceFirst("/src/(main|tornado)/java/org/t3jvm/(tensor|accel|model|bench)", "");
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("CONTRIBUTING.md"))
        ? folder
        : folder.resolve("..").normalize();
  }
}
