package org.t3jvm.bench.docs;

import org.t3jvm.cli.Main;
import org.t3jvm.cli.command.CommandProvider;
import picocli.CommandLine;

/** The command line with every command that a build can have. */
final class CommandLines {
  private CommandLines() {}

  static CommandLine create() {
    CommandLine line = new CommandLine(new Main());
    CommandProvider.installed().forEach(provider -> line.addSubcommand(provider.command()));
    return line.setCaseInsensitiveEnumValuesAllowed(true);
  }
}
