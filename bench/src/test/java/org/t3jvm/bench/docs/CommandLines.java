package org.t3jvm.bench.docs;

import org.t3jvm.cli.Main;
import picocli.CommandLine;

/** The command line with every command that a build can have. */
final class CommandLines {
  private CommandLines() {}

  static CommandLine create() {
    return Main.whole().setCaseInsensitiveEnumValuesAllowed(true);
  }
}
