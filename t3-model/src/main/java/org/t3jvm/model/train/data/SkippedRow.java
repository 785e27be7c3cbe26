package org.t3jvm.model.train.data;

/**
 * A row that is not trained on.
 *
 * @param where its place in the metadata
 * @param file as the metadata name it
 */
public record SkippedRow(String where, String file, String reason) {
  /** In one line. */
  @Override
  public String toString() {
    return "%s: '%s' is skipped: %s".formatted(where, file, reason);
  }
}
