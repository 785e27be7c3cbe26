package org.t3jvm.cli.command;

import org.t3jvm.cli.error.UsageException;

/**
 * Adds a command to {@code t3} from another module; found by {@link java.util.ServiceLoader}. Its
 * errors end as those of every command do: {@link UsageException} with status 2, others with 1.
 */
public interface CommandProvider {
  /** A new object of a class with picocli's {@code @Command}, which names the command. */
  Object command();
}
