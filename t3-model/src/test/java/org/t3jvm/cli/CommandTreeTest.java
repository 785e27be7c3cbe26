package org.t3jvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.t3jvm.cli.command.CommandProvider;

class CommandTreeTest {
  private static Iterator<CommandProvider> noOthers() {
    throw new AssertionError("commands of other modules are looked for");
  }

  @Test
  void aCommandThatIsNamedIsTheOnlyOne() {
    for (String name : CommandTree.NAMES) {
      if (!name.equals("completion")) {
        assertThat(CommandTree.of(CommandTreeTest::noOthers, name, "--help").getSubcommands())
            .containsOnlyKeys(name);
      }
    }
  }

  @Test
  void elseAllAreThere() {
    List<String> all = Stream.concat(CommandTree.NAMES.stream(), Stream.of("help")).toList();
    for (String[] args :
        List.of(
            new String[0],
            new String[] {"--help"},
            new String[] {"help", "plan"},
            new String[] {"completion", "bash"},
            new String[] {"generat"},
            new String[] {"--quiet", "plan"})) {
      assertThat(CommandTree.of(List.of(), args).getSubcommands().keySet())
          .as(String.join(" ", args))
          .containsExactlyElementsOf(all);
    }
  }
}
