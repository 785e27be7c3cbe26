package org.t3jvm.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.t3jvm.cli.error.ErrorLine;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Wrong usage in one line, with the nearest known option or command; exit status 2. */
public final class UsageErrors implements IParameterExceptionHandler {
  private static final int FARTHEST = 4;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    List<String> unmatched =
        e instanceof UnmatchedArgumentException unknown
            ? unknown.getUnmatched()
            : command.getUnmatchedArguments();
    String line =
        unmatched.isEmpty()
            ? String.valueOf(e.getMessage())
            : unknown(unmatched.getFirst(), command);
    command.getErr().println("t3: " + ErrorLine.oneLine(line));
    return CommandLine.ExitCode.USAGE;
  }

  private static String unknown(String argument, CommandLine command) {
    boolean option = argument.startsWith("-");
    if (command.getCommandSpec().optionsMap().containsKey("--" + argument)) {
      return "unexpected argument '%s'; did you mean '--%s'?".formatted(argument, argument);
    }
    return (option ? "unknown option '" : "unexpected argument '")
        + argument
        + "'"
        + nearest(argument, known(command, option))
            .map(name -> "; did you mean '" + name + "'?")
            .orElse("; see %s --help".formatted(command.getCommandSpec().qualifiedName()));
  }

  private static List<String> known(CommandLine command, boolean options) {
    return options
        ? List.copyOf(command.getCommandSpec().optionsMap().keySet())
        : List.copyOf(command.getSubcommands().keySet());
  }

  private static Optional<String> nearest(String argument, List<String> known) {
    String name = argument.split("=", 2)[0];
    int farthest = Math.min(FARTHEST, name.length() / 2);
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= farthest)
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
  }

  /** Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
