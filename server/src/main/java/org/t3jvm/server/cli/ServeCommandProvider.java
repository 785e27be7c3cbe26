package org.t3jvm.server.cli;

import org.t3jvm.cli.command.CommandProvider;

/** Adds {@code t3 serve}. */
public final class ServeCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new ServeCommand();
  }
}
