package org.t3jvm.cli.option;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.Option;

/** Options on the negative prompt, and where what the text encoder made of it is kept. */
public final class TextOptions {
  private static final String OFF = "off";
  private static final String VARIABLE = "T3_TEXT_CACHE";

  @Option(
      names = "--negative",
      paramLabel = "TEXT",
      description = "What not to show (default: upstream's, in Chinese; \"\" for nothing).")
  private @Nullable String negative;

  @Option(
      names = "--text-cache",
      paramLabel = "DIR|off",
      description =
          "Where the encoded negative prompt is kept for later runs (default: $"
              + VARIABLE
              + ", or t3jvm/text in the user's cache folder).")
  private @Nullable String cache;

  /** Sets the negative prompt, if one is given. */
  void applyTo(VideoJobBuilder job) {
    job.negative(negative);
  }

  /** The folder that contexts are kept in, if they are to be. */
  public Optional<Path> place(Map<String, String> environment) {
    String place = cache != null ? cache : environment.getOrDefault(VARIABLE, "");
    if (place.isEmpty()) {
      return Optional.of(userCache(environment, "text"));
    }
    return place.equals(OFF) ? Optional.empty() : Optional.of(Path.of(place));
  }

  /**
   * A folder of what is kept for a user; as the XDG base directories have it, a relative path is
   * not taken.
   */
  static Path userCache(Map<String, String> environment, String name) {
    Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path caches = named.isAbsolute() ? named : Path.of(System.getProperty("user.home"), ".cache");
    return caches.resolve("t3jvm").resolve(name);
  }
}
