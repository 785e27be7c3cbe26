package org.t3jvm.tensor.backend;

/** Whether a backend can start on this machine, and in one line what it is or why it cannot. */
public sealed interface Availability {
  /** One line for people: the device and its abilities, or the reason and its remedy. */
  String description();

  /** The backend can be opened. */
  record Usable(String description) implements Availability {}

  /** The backend cannot be opened; the description says why and what would help. */
  record Unavailable(String description) implements Availability {}
}
