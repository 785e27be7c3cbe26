package org.t3jvm.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.t3jvm.cli.command.CommandProvider;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.warm.KernelWarmUp;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Entry point of the {@code t3} command. */
@Command(
    name = "t3",
    description = "Native 4K text-to-video on the JVM.",
    footer = {"", "t3 bench [SUITE...] measures speed; see t3 bench --help."},
    mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  /** Less than -Xmx64m gives, whatever the collector keeps for itself. */
  private static final long MIN_HEAP = 48 << 20;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  public static void main(String[] args) {
    if (Runtime.getRuntime().maxMemory() < MIN_HEAP) {
      // In plain concatenation: what formats text would not fit.
      System.err.println(
          "t3: a Java heap of "
              .concat(Long.toString(Runtime.getRuntime().maxMemory() >> 20))
              .concat(" MB is too small; allow 64 MB at least, such as JAVA_OPTS=-Xmx4g"));
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
    StandardError.restore();
    // Digits, letters and file names are the same for every user.
    Locale.setDefault(Locale.ROOT);
    if (computesOnCpu(args)) {
      KernelWarmUp.start();
    }
    System.exit(
        run(
            new PrintWriter(System.out, true, System.out.charset()),
            new PrintWriter(System.err, true, System.err.charset()),
            args));
  }

  /**
   * Whether this renders a video, as far as the words say, with the kernels that a warm-up runs.
   */
  static boolean computesOnCpu(String... args) {
    return args.length > 0
        && args[0].equals("generate")
        && Arrays.stream(args)
            .noneMatch(
                word ->
                    word.startsWith("--backend")
                        || word.startsWith("--precision")
                        || word.equals("--help")
                        || word.equals("-h"));
  }

  /** Runs one command line and gives its exit status. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(out, err, () -> CommandProvider.installed().iterator(), args);
  }

  /** As {@link #run(PrintWriter, PrintWriter, String...)}, with only these commands added. */
  public static int run(
      PrintWriter out, PrintWriter err, Iterable<CommandProvider> more, String... args) {
    CommandLine line = CommandTree.of(more, args);
    line.getCommandSpec().version("t3 " + ProgramVersion.CURRENT);
    if (isGarbled(args)) {
      err.println(
          "t3: an argument is not ASCII, and the locale does not say how to read it; set"
              + " LC_ALL=C.UTF-8");
      return CommandLine.ExitCode.USAGE;
    }
    int status = execute(line, out, err, args);
    if (out.checkError()) {
      err.println("t3: standard output cannot be written");
      return CommandLine.ExitCode.SOFTWARE;
    }
    return status;
  }

  /** The command line with every command, whatever is asked for. */
  public static CommandLine whole() {
    return CommandTree.whole(CommandProvider.installed());
  }

  /** Bytes that the JVM could not decode became U+FFFD, alike for every text of that length. */
  private static boolean isGarbled(String... args) {
    return !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))
        && Arrays.stream(args).anyMatch(argument -> argument.indexOf('\ufffd') >= 0);
  }

  private static int execute(CommandLine line, PrintWriter out, PrintWriter err, String... args) {
    line.setOut(out)
        .setErr(err)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new JobErrors())
        .setExecutionStrategy(Main::execute)
        .setCaseInsensitiveEnumValuesAllowed(true)
        // An output may be called as a command is: t3 train --resume vae.
        .setAllowSubcommandsAsOptionParameters(true);
    try {
      return line.execute(args);
    } catch (Error e) {
      return JobErrors.report(e, line);
    }
  }

  /** Help may style its text; what commands print has no control characters but line breaks. */
  private static int execute(ParseResult parsed) {
    CommandLine line = parsed.commandSpec().commandLine();
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    line.setOut(PrintableWriter.around(line.getOut()));
    line.setErr(PrintableWriter.around(line.getErr()));
    return new CommandLine.RunLast().execute(parsed);
  }

  private List<String> commands() {
    return spec.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .map(CommandSpec::name)
        .distinct()
        .toList();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: %s; see t3 --help".formatted(String.join(", ", commands())));
  }
}
