package org.t3jvm.bench.docs;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command line's commands, operands and options as a Markdown document. */
final class CommandReference {
  private CommandReference() {}

  static String of(CommandLine line) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Command line reference

        Generated from the options; `t3 COMMAND --help` prints the same.

        """);
    List<CommandSpec> commands =
        line.getSubcommands().values().stream()
            .distinct()
            .map(CommandLine::getCommandSpec)
            .filter(command -> !command.usageMessage().hidden())
            .toList();
    text.append("| command | |\n|---|---|\n");
    for (CommandSpec command : commands) {
      row(text, "[" + command.name() + "](#t3-" + command.name() + ")", description(command));
    }
    for (CommandSpec command : commands) {
      section(text, command);
    }
    return text.toString();
  }

  /** A command, and those below it under smaller headings. */
  private static void section(StringBuilder text, CommandSpec command) {
    int depth = command.qualifiedName().split(" ", -1).length;
    text.append("\n%s %s\n\n".formatted("#".repeat(depth), command.qualifiedName()));
    text.append(description(command)).append("\n");
    List<OptionSpec> options =
        command.options().stream()
            .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp())
            .toList();
    List<PositionalParamSpec> operands =
        command.positionalParameters().stream().filter(operand -> !operand.hidden()).toList();
    if (!options.isEmpty() || !operands.isEmpty()) {
      text.append("\n| | |\n|---|---|\n");
    }
    for (PositionalParamSpec operand : operands) {
      row(text, "`" + operand.paramLabel() + "`", description(operand));
    }
    for (OptionSpec option : options) {
      row(text, label(option), description(option));
    }
    command.subcommands().values().stream()
        .distinct()
        .map(CommandLine::getCommandSpec)
        .filter(below -> !below.usageMessage().hidden() && !below.helpCommand())
        .forEach(below -> section(text, below));
  }

  private static void row(StringBuilder text, String head, String description) {
    text.append("| ").append(cell(head)).append(" | ").append(cell(description)).append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  private static String label(OptionSpec option) {
    String names = String.join(", ", option.names());
    boolean takesValue = option.arity().max() > 0;
    String required = option.required() ? ", required" : "";
    return "`" + names + (takesValue ? " " + option.paramLabel() : "") + "`" + required;
  }

  private static String description(CommandSpec command) {
    return joined(command.usageMessage().description());
  }

  private static String description(ArgSpec argument) {
    return joined(argument.description());
  }

  /** Lines of a help text as one; the help formats what is a format, and prints the rest as is. */
  private static String joined(String[] lines) {
    return Stream.of(lines)
        .map(line -> line.replace("%n", " ").replace("%%", "%").strip())
        .collect(Collectors.joining(" "));
  }
}
