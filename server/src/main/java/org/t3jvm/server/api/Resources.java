package org.t3jvm.server.api;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Files that are in this module. */
final class Resources {
  private static final String FOLDER = "/org/t3jvm/server/";

  private Resources() {}

  /** The bytes of a file, by its name below the module's own folder. */
  static byte[] read(String name) {
    try (InputStream in =
        requireNonNull(Resources.class.getResourceAsStream(FOLDER + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
