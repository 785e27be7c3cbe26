package org.t3jvm.model.provenance;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What made a video; it travels in the video's tags.
 *
 * @param t3 version of this program
 * @param model the model's name and hash
 * @param source where the model was
 * @param job that the video was made from, with every choice filled in
 */
public record VideoRecord(String t3, ModelIdentity model, ModelSource source, VideoJob job) {

  /** The tag that holds the prompt, for players. */
  public static final String TITLE = "title";

  /** The tag that holds the whole record, as JSON. */
  public static final String COMMENT = "comment";

  /** The tags of a video. */
  public Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(TITLE, job.text().prompt());
    tags.put(COMMENT, json());
    return tags;
  }

  /** The record in one line of JSON. */
  public String json() {
    return RecordJson.mapper().writeValueAsString(this);
  }

  /** True if both are of the same bits, wherever the model lay. */
  public boolean madeLike(VideoRecord other) {
    return t3.equals(other.t3) && model.equals(other.model) && job.equals(other.job);
  }

  /** The record with paths that are good from any folder. */
  public VideoRecord absolute() {
    return new VideoRecord(t3, model, source.absolute(), job.absolute());
  }

  /** The record in a video's comment; empty if the comment is none of this version's. */
  public static Optional<VideoRecord> parse(@Nullable String comment) {
    if (comment == null || !comment.startsWith("{")) {
      return Optional.empty();
    }
    try {
      VideoRecord record = RecordJson.read(comment, VideoRecord.class);
      return record.job() == null || record.model() == null || record.source() == null
          ? Optional.empty()
          : Optional.of(record);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The version that wrote a comment; empty if this program did not.
   *
   * @param comment of any version, such as one whose record {@link #parse} does not read
   */
  public static Optional<String> writer(@Nullable String comment) {
    if (comment == null || !comment.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode tree = RecordJson.mapper().readTree(comment);
      return tree.path("model").isObject() ? tree.path("t3").asStringOpt() : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
