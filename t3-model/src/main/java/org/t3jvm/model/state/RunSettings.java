package org.t3jvm.model.state;

import java.nio.charset.StandardCharsets;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.provenance.VideoRecord;

/**
 * What a run was asked for.
 *
 * @param record what decides the video's bits; its paths are good from any folder
 * @param pngFolder whether the video is a folder of PNG frames
 * @param keep whether the state stays beside the finished video
 */
public record RunSettings(VideoRecord record, boolean pngFolder, boolean keep) {
  /** SHA-256 of what decides the video's bits, wherever the model lies. */
  String hash() {
    VideoRecord bits =
        new VideoRecord(record.t3(), record.model(), ModelSource.EMBEDDED, record.job());
    return Digest.sha256(bits.json().getBytes(StandardCharsets.UTF_8));
  }

  /** Denoising steps of all passes. */
  int steps() {
    return record.job().allSteps();
  }
}
