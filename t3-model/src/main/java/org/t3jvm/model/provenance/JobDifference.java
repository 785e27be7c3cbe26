package org.t3jvm.model.provenance;

import java.util.Optional;
import java.util.stream.Stream;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.databind.JsonNode;

/** The first field in which two jobs differ. */
public record JobDifference(String field, String before, String after) {
  /** The difference of two jobs; empty if they make the same video. */
  public static Optional<JobDifference> of(VideoJob before, VideoJob after) {
    return of("", RecordJson.mapper().valueToTree(before), RecordJson.mapper().valueToTree(after));
  }

  private static Optional<JobDifference> of(String path, JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return Optional.empty();
    }
    if (!before.isObject() || !after.isObject()) {
      return Optional.of(new JobDifference(path, text(before), text(after)));
    }
    return Stream.concat(before.propertyNames().stream(), after.propertyNames().stream())
        .map(
            name ->
                of(path.isEmpty() ? name : path + "." + name, before.path(name), after.path(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode()) {
      return "none";
    }
    return value.isString() ? value.stringValue() : value.toString();
  }
}
