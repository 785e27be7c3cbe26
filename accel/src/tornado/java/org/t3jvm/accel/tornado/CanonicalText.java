package org.t3jvm.accel.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A kernel as TornadoVM generated it, in a form that does not change from run to run: names
 * declared in order, no comments and no pragmas, and only the parameters that kernels use.
 */
final class CanonicalText {
  private static final Pattern SIGNATURE =
      Pattern.compile("^(__kernel void|extern \"C\" __global__ void) (\\w+)\\((.*)\\)$");

  private static final Pattern DECLARATION =
      Pattern.compile("^ {2}([a-z_][a-z_ ]*?) ([a-z]+_\\d[a-z0-9_, ]*);$");

  private static final Pattern EMPTY_ELSE = Pattern.compile("\n *else\n *\\{\n *\\}(?=\n)");

  /** What TornadoVM passes beside the operands, which no kernel reads. */
  private static final int UNUSED_PARAMETERS = 4;

  private CanonicalText() {}

  /**
   * The canonical form of one kernel.
   *
   * @param entry the name that its function gets
   */
  static String of(String generated, String entry) {
    List<String> lines = new ArrayList<>();
    List<String> declarations = new ArrayList<>();
    for (String raw : generated.lines().toList()) {
      String line = raw.replaceFirst("//.*$", "").stripTrailing();
      Matcher declaration = DECLARATION.matcher(line);
      if (declaration.matches()) {
        declarations.add("  %s %s;".formatted(declaration.group(1), sorted(declaration.group(2))));
        continue;
      }
      if (!declarations.isEmpty()) {
        lines.addAll(declarations.stream().sorted().toList());
        declarations.clear();
      }
      if (!line.isEmpty() && !line.startsWith("#pragma")) {
        lines.add(signature(line, entry).replace("native_sqrt", "sqrt"));
      }
    }
    String text = String.join("\n", lines) + "\n";
    while (EMPTY_ELSE.matcher(text).find()) {
      text = EMPTY_ELSE.matcher(text).replaceAll("");
    }
    return text;
  }

  private static String signature(String line, String entry) {
    Matcher signature = SIGNATURE.matcher(line);
    if (!signature.matches()) {
      return line;
    }
    String used =
        Arrays.stream(signature.group(3).split(", "))
            .skip(UNUSED_PARAMETERS)
            .collect(Collectors.joining(", "));
    return "%s %s(%s)".formatted(signature.group(1), entry, used);
  }

  /** Names such as {@code ul_12} by their numbers. */
  private static String sorted(String names) {
    return Arrays.stream(names.split(", "))
        .sorted(
            Comparator.comparingInt(
                name -> Integer.parseInt(name.substring(name.indexOf('_') + 1))))
        .collect(Collectors.joining(", "));
  }
}
