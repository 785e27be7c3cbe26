package org.t3jvm.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.report.FishCompletion;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 completion}: what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script that makes a shell complete commands, options and values.",
      "bash and zsh: eval \"$(t3 completion bash)\"; fish: t3 completion fish | source."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompletionCommand implements Callable<Integer> {
  /** The shells. */
  static final class Shells extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Shells() {
      super(List.of("bash", "zsh", "fish"));
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Shells.class,
      description = "Which one: ${COMPLETION-CANDIDATES}.")
  private String shell = "";

  @Override
  public Integer call() {
    CommandLine t3 = spec.root().commandLine();
    String script =
        switch (shell) {
          // The script loads zsh's own emulation of bash's completion.
          case "bash", "zsh" -> AutoComplete.bash(t3.getCommandName(), t3);
          case "fish" -> FishCompletion.of(t3);
          default ->
              throw new UsageException(
                  "'%s' is none of %s".formatted(shell, String.join(", ", new Shells())));
        };
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
