package org.t3jvm.cli;

import java.util.List;
import java.util.Optional;
import org.t3jvm.cli.command.BatchCommand;
import org.t3jvm.cli.command.CommandProvider;
import org.t3jvm.cli.command.CompletionCommand;
import org.t3jvm.cli.command.ConvertCommand;
import org.t3jvm.cli.command.DecodeCommand;
import org.t3jvm.cli.command.DevicesCommand;
import org.t3jvm.cli.command.GenerateCommand;
import org.t3jvm.cli.command.InspectCommand;
import org.t3jvm.cli.command.MakeClipsCommand;
import org.t3jvm.cli.command.MakeTinyModelCommand;
import org.t3jvm.cli.command.PlanCommand;
import org.t3jvm.cli.command.PullCommand;
import org.t3jvm.cli.command.ResumeCommand;
import org.t3jvm.cli.measure.CompareCommand;
import org.t3jvm.cli.measure.MeasureCommand;
import org.t3jvm.cli.train.TrainCommand;
import picocli.CommandLine;

/**
 * The commands of {@code t3}. Building the options of all of them takes a good part of the time in
 * which a command could have started, so that a command line that names one gets no other.
 */
final class CommandTree {
  private static final String COMPLETION = "completion";

  /** In the order of the help. */
  static final List<String> NAMES =
      List.of(
          "generate",
          "resume",
          "decode",
          "batch",
          "plan",
          "pull",
          "inspect",
          "measure",
          "compare",
          "convert",
          "train",
          "devices",
          "make-tiny-model",
          "make-clips",
          COMPLETION);

  private CommandTree() {}

  /** What these arguments need. */
  static CommandLine of(Iterable<CommandProvider> more, String... args) {
    Optional<Object> command = args.length == 0 ? Optional.empty() : named(args[0]);
    // Completion prints every command.
    return command.isEmpty() || args[0].equals(COMPLETION)
        ? whole(more)
        : new CommandLine(new Main()).addSubcommand(command.get());
  }

  /** Every command, with those of other modules. */
  static CommandLine whole(Iterable<CommandProvider> more) {
    CommandLine line = new CommandLine(new Main());
    NAMES.forEach(name -> line.addSubcommand(named(name).orElseThrow()));
    line.addSubcommand(new CommandLine.HelpCommand());
    more.forEach(provider -> line.addSubcommand(provider.command()));
    return line;
  }

  /** A switch loads no class but that of the command. */
  private static Optional<Object> named(String name) {
    return switch (name) {
      case "generate" -> Optional.of(new GenerateCommand());
      case "resume" -> Optional.of(new ResumeCommand());
      case "decode" -> Optional.of(new DecodeCommand());
      case "batch" -> Optional.of(new BatchCommand());
      case "plan" -> Optional.of(new PlanCommand());
      case "pull" -> Optional.of(new PullCommand());
      case "inspect" -> Optional.of(new InspectCommand());
      case "measure" -> Optional.of(new MeasureCommand());
      case "compare" -> Optional.of(new CompareCommand());
      case "convert" -> Optional.of(new ConvertCommand());
      case "train" -> Optional.of(new TrainCommand());
      case "devices" -> Optional.of(new DevicesCommand());
      case "make-tiny-model" -> Optional.of(new MakeTinyModelCommand());
      case "make-clips" -> Optional.of(new MakeClipsCommand());
      case COMPLETION -> Optional.of(new CompletionCommand());
      default -> Optional.empty();
    };
  }
}
