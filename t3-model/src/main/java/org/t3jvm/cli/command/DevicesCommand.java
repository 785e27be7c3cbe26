package org.t3jvm.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code t3 devices}: every backend, usable or not, and why. */
@Command(
    name = "devices",
    description = "Lists every backend, whether it can be used here, and if not, why.",
    mixinStandardHelpOptions = true)
public final class DevicesCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (BackendProvider provider : Backends.all()) {
      Availability availability = provider.availability();
      String state = availability instanceof Availability.Usable ? "usable" : "unavailable";
      out.printf("%-10s %-12s %s%n", provider.name(), state, availability.description());
      provider.diagnostics().forEach(line -> out.printf("%-23s %s%n", "", line));
    }
    return 0;
  }
}
