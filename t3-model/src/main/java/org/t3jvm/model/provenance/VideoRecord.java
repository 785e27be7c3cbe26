package org.t3jvm.model.provenance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What made a video; it travels in the video's tags.
 *
 * @param t3 version of this program
 * @param prompt what the video shows
 * @param negative what it should not show
 * @param seed of the noise
 * @param model the model's name and hash
 * @param settings what the options and the model's defaults came to, by name
 * @param arguments options and values of {@code t3 generate}, as they were given
 */
public record VideoRecord(
    String t3,
    String prompt,
    String negative,
    long seed,
    ModelIdentity model,
    Map<String, String> settings,
    List<String> arguments) {

  /** The tag that holds the prompt, for players. */
  public static final String TITLE = "title";

  /** The tag that holds the whole record, as JSON. */
  public static final String COMMENT = "comment";

  /** A record whose collections are never changed and keep their order. */
  public VideoRecord {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    arguments = List.copyOf(arguments);
  }

  /** The tags of a video. */
  public Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(TITLE, prompt);
    tags.put(COMMENT, json());
    return tags;
  }

  /** The record in one line of JSON. */
  public String json() {
    return JsonMapper.shared().writeValueAsString(this);
  }

  /** The record in a video's comment; empty if the comment is none of ours. */
  public static Optional<VideoRecord> parse(@Nullable String comment) {
    if (comment == null || !comment.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonMapper.shared().readValue(comment, VideoRecord.class));
    } catch (JacksonException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** The shell command that makes the video again, but for where it is written. */
  public String command() {
    List<String> words = new ArrayList<>(List.of("./t3", "generate"));
    words.addAll(arguments);
    return ShellWords.join(words);
  }
}
