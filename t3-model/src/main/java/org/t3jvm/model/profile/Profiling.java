package org.t3jvm.model.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.tensor.backend.Backend;

/**
 * Profiles one run, to a file, to JFR, to both, or not at all; then backends and progress are left
 * as they are and nothing is gathered. Closing it writes the file, also after a run that failed.
 */
public final class Profiling implements AutoCloseable {
  private final @Nullable Profile profile;
  private final @Nullable ProfileFile file;
  private final Consumer<String> log;

  private Profiling(@Nullable Profile profile, @Nullable ProfileFile file, Consumer<String> log) {
    this.profile = profile;
    this.file = file;
    this.log = log;
  }

  /**
   * Starts, with the process's start-up as the first stage.
   *
   * @param file where the trace goes, or null for none
   * @param log takes the summary, line by line, once the trace is written
   * @throws IOException if the file cannot be written
   */
  public static Profiling start(@Nullable Path file, Consumer<String> log) throws IOException {
    if (file != null) {
      return new Profiling(new Profile(), ProfileFile.create(file), log);
    }
    return new Profiling(Profile.isRecorded() ? new Profile() : null, null, log);
  }

  /** A backend that is profiled. */
  public Backend watch(Backend backend) {
    return profile == null ? backend : profile.watch(backend);
  }

  /** A listener to a run that gives the profile its stages. */
  public Consumer<RunEvent> watch(Consumer<RunEvent> events) {
    return profile == null ? events : new ProfileEvents(profile, events);
  }

  @Override
  public void close() throws IOException {
    if (profile != null && file != null) {
      try (file) {
        file.write(profile).lines().forEach(log);
      }
    }
  }
}
