package org.t3jvm.bench.cli;

import org.t3jvm.bench.cases.CaseRegistry;
import org.t3jvm.cli.command.CommandProvider;

/** Adds {@code t3 bench} over every case and every peer. */
public final class BenchCommandProvider implements CommandProvider {
  @Override
  public Object command() {
    return new BenchCommand(CaseRegistry::of, Peers.all());
  }
}
