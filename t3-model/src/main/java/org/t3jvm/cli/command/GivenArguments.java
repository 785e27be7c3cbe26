package org.t3jvm.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.t3jvm.model.lora.LoraOption;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
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
          "--kernels",
          "--precision",
          "--memory",
          "--text-cache",
          "--keep-state",
          "--restart",
          "--preview");

  /** Types of options whose values begin with a path. */
  private static final Set<Class<?>> PATHS = Set.of(Path.class, LoraOption.class);

  /** Options that do not go over to a process that goes on with a run; it has its own. */
  private static final Set<String> ONCE =
      Set.of("--prompt", "--out", "--quiet", "--profile", "--restart", "--keep-state");

  private GivenArguments() {}

  /**
   * Options and values of a {@code t3 generate} of one prompt that asks for what {@code parsed}
   * does. Options that {@code generate} does not have, such as a batch's, are left out; no list of
   * its options need be kept here.
   *
   * @param given options by name, in place of those of {@code parsed}
   */
  static List<String> of(ParseResult parsed, Map<String, String> given) {
    return words(parsed, given, VOLATILE, false);
  }

  /**
   * Options and values of a {@code t3 generate} that goes on with the video of one prompt, from any
   * folder: paths are absolute.
   */
  static List<String> toGoOn(ParseResult parsed, Map<String, String> given) {
    return words(parsed, given, ONCE, true);
  }

  private static List<String> words(
      ParseResult parsed, Map<String, String> given, Set<String> without, boolean absolute) {
    CommandSpec generate = new CommandLine(new GenerateCommand()).getCommandSpec();
    List<String> arguments = new ArrayList<>();
    given.forEach((name, value) -> arguments.addAll(words(name, value)));
    for (OptionSpec option : parsed.matchedOptionsSet()) {
      String name = option.longestName();
      if (!without.contains(name)
          && !given.containsKey(name)
          && generate.findOption(name) != null) {
        add(arguments, option, absolute);
      }
    }
    return List.copyOf(arguments);
  }

  /**
   * Arguments of a {@code t3 generate} with some options changed: those of {@code changes} that it
   * has, but for {@code --out}.
   *
   * @throws ParameterException if the arguments are none of {@code generate}
   */
  static List<String> changed(List<String> arguments, ParseResult changes) {
    CommandLine generate =
        new CommandLine(new GenerateCommand())
            .setExpandAtFiles(false)
            .setCaseInsensitiveEnumValuesAllowed(true);
    List<String> words = new ArrayList<>();
    for (OptionSpec option :
        generate.parseArgs(arguments.toArray(String[]::new)).matchedOptionsSet()) {
      if (!changes.hasMatchedOption(option.longestName())) {
        add(words, option, false);
      }
    }
    for (OptionSpec option : changes.matchedOptionsSet()) {
      String name = option.longestName();
      if (!name.equals("--out") && generate.getCommandSpec().findOption(name) != null) {
        add(words, option, true);
      }
    }
    return List.copyOf(words);
  }

  private static void add(List<String> arguments, OptionSpec option, boolean absolute) {
    String name = option.longestName();
    if (option.arity().max() == 0) {
      arguments.add(name);
      return;
    }
    boolean path = absolute && PATHS.contains(option.auxiliaryTypes()[0]);
    for (String value : option.originalStringValues()) {
      arguments.addAll(words(name, path ? Path.of(value).toAbsolutePath().toString() : value));
    }
  }

  /** A value that begins with a dash would be taken for an option by itself. */
  private static List<String> words(String name, String value) {
    return value.startsWith("-") ? List.of(name + "=" + value) : List.of(name, value);
  }
}
