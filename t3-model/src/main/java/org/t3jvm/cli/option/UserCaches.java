package org.t3jvm.cli.option;

import java.nio.file.Path;
import java.util.Map;

/** Where this program keeps for a user what it would else have to compute again. */
final class UserCaches {
  private UserCaches() {}

  /** A folder there; as the XDG base directories have it, a relative path is not taken. */
  static Path folder(Map<String, String> environment, String name) {
    Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path caches = named.isAbsolute() ? named : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("t3jvm").resolve(name);
  }
}
