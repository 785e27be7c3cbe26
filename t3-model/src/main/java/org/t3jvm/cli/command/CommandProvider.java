package org.t3jvm.cli.command;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.t3jvm.cli.error.UsageException;

/**
 * Adds a command to {@code t3} from another module; found by {@link java.util.ServiceLoader}. Its
 * errors end as those of every command do: {@link UsageException} with status 2, others with 1.
 */
public interface CommandProvider {
  /** A new object of a class with picocli's {@code @Command}, which names the command. */
  Object command();

  /** The providers of other modules, by class name: the order in which they lie does not matter. */
  static List<CommandProvider> installed() {
    return ServiceLoader.load(CommandProvider.class).stream()
        .sorted(Comparator.comparing(found -> found.type().getName()))
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
