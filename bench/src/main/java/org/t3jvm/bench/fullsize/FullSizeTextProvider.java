package org.t3jvm.bench.fullsize;

import org.t3jvm.cli.command.CommandProvider;

/** Adds {@code t3 full-size-text}. */
public final class FullSizeTextProvider implements CommandProvider {
  @Override
  public Object command() {
    return new FullSizeTextCommand();
  }
}
