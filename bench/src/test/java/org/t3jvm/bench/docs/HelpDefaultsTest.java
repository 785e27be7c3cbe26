package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --help} gives the default of every option that has one. */
class HelpDefaultsTest {
  /**
   * Options that ask for something which is else not done, or name a file that is else not read.
   */
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "--aspect",
          "--backend of bench",
          "--compare",
          "--dit",
          "--dit-low",
          "--exclude",
          "--hires",
          "--html",
          "--image",
          "--include",
          "--json",
          "--model",
          "--name",
          "--only",
          "--preset",
          "--preview",
          "--profile",
          "--prompt-file",
          "--reference",
          "--resume",
          "--shard-size",
          "--sweep",
          "--t3",
          "--text-encoder",
          "--tokenizer",
          "--vae",
          "--vary",
          "--video",
          "--prompt");

  @Test
  void everyDefaultIsInTheHelp() {
    List<String> silent = new ArrayList<>();
    collect(CommandLines.create(), silent);
    assertThat(silent).isEmpty();
  }

  private static void collect(CommandLine line, List<String> silent) {
    for (OptionSpec option : line.getCommandSpec().options()) {
      String name = option.longestName();
      boolean said =
          String.join(" ", option.description()).contains("default: ")
              || option.required()
              || option.hidden()
              || option.arity().max() == 0
              || WITHOUT_DEFAULT.contains(name)
              || WITHOUT_DEFAULT.contains(name + " of " + line.getCommandName());
      if (!said) {
        silent.add(line.getCommandSpec().qualifiedName() + " " + name);
      }
    }
    line.getSubcommands().values().stream()
        .distinct()
        .filter(below -> !below.getCommandSpec().usageMessage().hidden())
        .forEach(below -> collect(below, silent));
  }
}
