package org.t3jvm.model.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of a command line that decide what a video shows, as they were typed. */
final class GivenArguments {
  /** Options that change where a video goes or how it is computed, not what is asked for. */
  private static final Set<String> VOLATILE =
      Set.of(
          "--prompt",
          "--out",
          "--quiet",
          "--threads",
          "--profile",
          "--backend",
          "--device",
          "--device-memory",
          "--memory",
          "--text-cache",
          "--keep-state",
          "--preview");

  private GivenArguments() {}

  /**
   * Options and values of a {@code t3 generate} of one prompt that asks for what {@code parsed}
   * does. Options that {@code generate} does not have, such as a batch's, are left out; no list of
   * its options need be kept here.
   */
  static List<String> of(ParseResult parsed, String prompt) {
    CommandSpec generate = new CommandLine(new GenerateCommand()).getCommandSpec();
    List<String> arguments = new ArrayList<>(words("--prompt", prompt));
    for (OptionSpec option : parsed.matchedOptionsSet()) {
      String name = option.longestName();
      if (VOLATILE.contains(name) || generate.findOption(name) == null) {
        continue;
      }
      if (option.arity().max() == 0) {
        arguments.add(name);
      } else {
        option.originalStringValues().forEach(value -> arguments.addAll(words(name, value)));
      }
    }
    return List.copyOf(arguments);
  }

  /** A value that begins with a dash would be taken for an option by itself. */
  private static List<String> words(String name, String value) {
    return value.startsWith("-") ? List.of(name + "=" + value) : List.of(name, value);
  }
}
