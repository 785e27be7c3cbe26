package org.t3jvm.model.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.vae.VaeConfig;
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
 * @param windows T3 windows of videos of this size, as {@link T3Windows#parse} reads them, which
 *     those of other sizes follow; null if the model's attention is full or its windows follow
 *     those that are published for its kind
 * @param cfg strength of the guidance; null for 5, as upstream samples (SPEC 1)
 * @param shift of the noise schedule; null for 5, as upstream samples (SPEC 1)
 * @param negative the negative prompt; null for that of the release
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelDefaults(
    int height,
    int width,
    int frames,
    int steps,
    double fps,
    @Nullable String windows,
    @Nullable Float cfg,
    @Nullable Float shift,
    @Nullable String negative) {

  /** Name of the file in a model folder that overrides what its release is run with. */
  public static final String FILE = "t3_defaults.json";

  /** What T3-Video's runner uses for both of its models (SPEC 1). */
  public static final ModelDefaults T3_VIDEO = new ModelDefaults(2176, 3840, 81, 50, 30, null);

  private static final ModelDefaults WAN_T2V = new ModelDefaults(480, 832, 81, 50, 16, null);
  private static final ModelDefaults WAN_TI2V = new ModelDefaults(704, 1280, 121, 50, 24, null);

  /** A model that is prompted as upstream's are. */
  public ModelDefaults(
      int height, int width, int frames, int steps, double fps, @Nullable String windows) {
    this(height, width, frames, steps, fps, windows, null, null, null);
  }

  /** What Wan's own runner uses for a model without T3-Video's weights (SPEC 1). */
  public static ModelDefaults wan(DitConfig dit) {
    return dit.separatedTimestep() ? WAN_TI2V : WAN_T2V;
  }

  /** The defaults of a model folder; {@code released} if it has none of its own. */
  public static ModelDefaults of(@Nullable Path folder, ModelDefaults released) throws IOException {
    if (folder == null || !Files.exists(folder.resolve(FILE))) {
      return released;
    }
    Path file = folder.resolve(FILE);
    try {
      return JsonMapper.shared().readValue(file, ModelDefaults.class);
    } catch (JacksonException e) {
      throw new IOException(
          "'%s' does not hold a model's defaults: %s".formatted(file, e.getOriginalMessage()), e);
    }
  }

  /**
   * What windows of all sizes follow: the model's own at its size, or those that are published.
   *
   * @throws IOException if the model's own are no windows of its size
   */
  public T3WindowRule windowRule(DitConfig dit, VaeConfig vae) throws IOException {
    if (windows == null) {
      return T3WindowRule.forTokensOf(vae.spatialFactor() * dit.patchH());
    }
    int factor = vae.spatialFactor();
    try {
      return new T3WindowRule(
          dit.grid(VaeConfig.latentFrames(frames), height / factor, width / factor),
          T3Windows.parse(windows));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s of the model: %s".formatted(FILE, e.getMessage()), e);
    }
  }
}
