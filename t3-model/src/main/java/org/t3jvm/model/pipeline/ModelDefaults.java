package org.t3jvm.model.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Settings that a model brings along, for what a user does not give.
 *
 * @param height pixels
 * @param width pixels
 * @param frames of the video, 1 + 4k
 * @param steps of the scheduler
 * @param fps frames a second of the written video
 * @param windows T3 windows as {@link org.t3jvm.model.dit.T3Windows#parse} reads them; null if the
 *     model's attention is full or its windows are upstream's published ones
 */
public record ModelDefaults(
    int height, int width, int frames, int steps, double fps, @Nullable String windows) {

  /** Name of the file in a model folder that overrides {@link #RELEASED}. */
  public static final String FILE = "t3_defaults.json";

  /** What upstream's runner uses for the released models (SPEC 1). */
  public static final ModelDefaults RELEASED = new ModelDefaults(2176, 3840, 81, 50, 30, null);

  /** The defaults of a model folder; {@link #RELEASED} if it has none of its own. */
  public static ModelDefaults of(@Nullable Path folder) throws IOException {
    if (folder == null || !Files.exists(folder.resolve(FILE))) {
      return RELEASED;
    }
    Path file = folder.resolve(FILE);
    try {
      return JsonMapper.shared().readValue(file, ModelDefaults.class);
    } catch (JacksonException e) {
      throw new IOException(
          "'%s' does not hold a model's defaults: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }
}
