package org.t3jvm.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands and options of a command line as fish's {@code complete} takes them; picocli writes
 * scripts for bash and zsh only.
 */
public final class FishCompletion {
  private final String program;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String program) {
    this.program = program;
  }

  /** The script. */
  public static String of(CommandLine line) {
    FishCompletion script = new FishCompletion(line.getCommandName());
    script.command(line.getCommandSpec(), List.of());
    return String.join("\n", script.lines) + "\n";
  }

  /**
   * Adds a command, its options and those below it.
   *
   * @param path names of the commands that lead to it, its own last
   */
  private void command(CommandSpec command, List<String> path) {
    List<CommandSpec> below =
        command.subcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(each -> !each.usageMessage().hidden())
            .distinct()
            .toList();
    String here = condition(path);
    String next = below.isEmpty() ? here : here + notYet(path, below);
    for (CommandSpec each : below) {
      add(next, "-f -a " + quoted(each.name()), first(each.usageMessage().description()));
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        add(next, names(option), first(option.description()));
      }
    }
    command.positionalParameters().stream()
        .map(ArgSpec::completionCandidates)
        .map(FishCompletion::values)
        .filter(values -> !values.isEmpty())
        .forEach(values -> add(next, "-f -a " + quoted(values), null));
    for (CommandSpec each : below) {
      List<String> longer = new ArrayList<>(path);
      longer.add(each.name());
      command(each, longer);
    }
  }

  private static String condition(List<String> path) {
    return path.isEmpty()
        ? "__fish_use_subcommand"
        : path.stream()
            .map(name -> "__fish_seen_subcommand_from " + name)
            .reduce((a, b) -> a + "; and " + b)
            .orElseThrow();
  }

  /** That none of the commands below is there yet; fish knows that of the first ones itself. */
  private static String notYet(List<String> path, List<CommandSpec> below) {
    return path.isEmpty()
        ? ""
        : "; and not __fish_seen_subcommand_from "
            + String.join(" ", below.stream().map(CommandSpec::name).toList());
  }

  private static String names(OptionSpec option) {
    StringBuilder names = new StringBuilder();
    for (String name : option.names()) {
      names.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    if (option.arity().max() > 0) {
      String values = values(option.completionCandidates());
      names.append(values.isEmpty() ? " -r" : " -x -a " + quoted(values));
    }
    return names.substring(1);
  }

  private static String values(@Nullable Iterable<String> candidates) {
    return candidates == null
        ? ""
        : String.join(" ", StreamSupport.stream(candidates.spliterator(), false).toList());
  }

  private static String first(String... description) {
    return Arrays.stream(description).findFirst().orElse("").replace("%n", " ").replace("%%", "%");
  }

  private void add(String condition, String what, @Nullable String description) {
    lines.add(
        "complete -c %s -n %s %s%s"
            .formatted(
                program,
                quoted(condition),
                what,
                description == null ? "" : " -d " + quoted(description)));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
