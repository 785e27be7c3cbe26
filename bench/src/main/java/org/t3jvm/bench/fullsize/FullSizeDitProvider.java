package org.t3jvm.bench.fullsize;

import org.t3jvm.cli.command.CommandProvider;

/** Adds {@code t3 full-size-dit}. */
public final class FullSizeDitProvider implements CommandProvider {
  @Override
  public Object command() {
    return new FullSizeDitCommand();
  }
}
