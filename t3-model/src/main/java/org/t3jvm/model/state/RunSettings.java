package org.t3jvm.model.state;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.provenance.VideoRecord;

/**
 * What a run was asked for.
 *
 * @param record what decides the video's bits
 * @param arguments options and values of the {@code t3 generate} that goes on with the run, from
 *     any folder
 * @param pngFolder whether the video is a folder of PNG frames
 * @param steps of the scheduler
 */
public record RunSettings(
    VideoRecord record, List<String> arguments, boolean pngFolder, int steps) {

  public RunSettings {
    arguments = List.copyOf(arguments);
  }

  /** SHA-256 of what decides the video's bits. */
  String hash() {
    return Digest.sha256(record.json().getBytes(StandardCharsets.UTF_8));
  }
}
