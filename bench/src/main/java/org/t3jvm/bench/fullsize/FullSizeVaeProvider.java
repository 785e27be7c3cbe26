package org.t3jvm.bench.fullsize;

import org.t3jvm.cli.command.CommandProvider;

/** Adds {@code t3 full-size-vae}. */
public final class FullSizeVaeProvider implements CommandProvider {
  @Override
  public Object command() {
    return new FullSizeVaeCommand();
  }
}
