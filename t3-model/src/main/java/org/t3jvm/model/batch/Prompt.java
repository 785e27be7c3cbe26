package org.t3jvm.model.batch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One video of a batch.
 *
 * @param text what to show
 * @param negative what not to show; null for that of the whole batch
 * @param seed of the noise; null for that of the whole batch
 */
public record Prompt(String text, @Nullable String negative, @Nullable Long seed) {
  /** A prompt with the settings of the whole batch. */
  public static Prompt of(String text) {
    return new Prompt(text, null, null);
  }

  /** As options of {@code t3 generate}, by name. */
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--prompt", text);
    if (negative != null) {
      options.put("--negative", negative);
    }
    if (seed != null) {
      options.put("--seed", String.valueOf(seed));
    }
    return options;
  }
}
