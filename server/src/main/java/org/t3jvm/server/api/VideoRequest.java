package org.t3jvm.server.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.http.HttpFailure;

/**
 * The body of {@code POST /v1/videos}, as tools of other services send it. What is left out is the
 * model's own.
 *
 * @param size as {@code 832x480}, width first
 * @param seconds of the video, rounded to frames that the model has
 * @param inputReference an image as a {@code data:} URL; forms bring it as a file
 */
record VideoRequest(
    @Nullable String prompt,
    @Nullable String model,
    @Nullable String size,
    @Nullable String seconds,
    @Nullable Long seed,
    @JsonProperty("input_reference") @Nullable String inputReference) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int FRAMES_OF_A_LATENT = 4;

  /** The job that is asked for. */
  VideoJob job(Engine engine) throws HttpFailure, IOException {
    if (prompt == null || prompt.isBlank()) {
      throw HttpFailure.invalid("prompt", "prompt is missing");
    }
    if (model != null && !model.equals(engine.model())) {
      throw new HttpFailure(
          400, "model_not_found", "model", "model must be %s".formatted(engine.model()));
    }
    VideoJobBuilder job = VideoJob.of(prompt).compute(engine.compute());
    Integer height = null;
    Integer width = null;
    if (size != null) {
      Matcher form = SIZE.matcher(size);
      if (!form.matches()) {
        throw HttpFailure.invalid("size", "size must be WIDTHxHEIGHT in pixels, such as 832x480");
      }
      width = Integer.valueOf(form.group(1));
      height = Integer.valueOf(form.group(2));
    }
    job.size(new Size(height, width, frames(engine), null, null, null));
    if (seed != null) {
      job.seed(seed);
    }
    return job.build();
  }

  private @Nullable Integer frames(Engine engine) throws HttpFailure, IOException {
    if (seconds == null) {
      return null;
    }
    Double fps = engine.defaults().size().fps();
    try {
      double count = Double.parseDouble(seconds) * (fps == null ? 1 : fps);
      if (count > 0 && count <= Submissions.MAX_FRAMES) {
        return 1 + FRAMES_OF_A_LATENT * (int) Math.max(0, Math.round(count / FRAMES_OF_A_LATENT));
      }
    } catch (NumberFormatException e) {
      // As one out of bounds.
    }
    throw HttpFailure.invalid(
        "seconds",
        "seconds must be a number above 0, of at most %d frames".formatted(Submissions.MAX_FRAMES));
  }
}
