package org.t3jvm.model.state;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code state.json}: the settings of a run, how far it has come, and the files
 * beside it that hold its values.
 *
 * @param format of the folder, {@link #FORMAT}
 * @param settings what the run was asked for
 * @param settingsHash of those settings
 * @param step denoising steps that are done
 * @param latents the state between two steps; null before there is one
 * @param frames what is decoded
 */
record StateIndex(
    int format,
    RunSettings settings,
    String settingsHash,
    int step,
    @Nullable StoredFile latents,
    Decoded frames) {

  StateIndex {
    require(step >= 0 && step <= settings.steps(), "its step");
    require(frames != null, "a missing number of its frames");
    require(settingsHash.equals(settings.hash()), "the hash of its settings");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " cannot be");
    }
  }

  /** The layout of folders that this version reads and writes. */
  static final int FORMAT = 2;

  /**
   * Decoded frames.
   *
   * @param count how many
   * @param bytes of the frames file that they take
   * @param latentFrames latent frames that the decoder's state is of
   * @param decoder the decoder's state after those; null if it was not kept
   */
  record Decoded(int count, long bytes, int latentFrames, @Nullable StoredFile decoder) {
    Decoded {
      require(count >= 0 && bytes >= 0 && latentFrames >= 0, "its numbers of frames");
    }

    static final Decoded NONE = new Decoded(0, 0, 0, null);
  }

  /** A run of which nothing is done. */
  static StateIndex begun(RunSettings settings) {
    return new StateIndex(FORMAT, settings, settings.hash(), 0, null, Decoded.NONE);
  }

  StateIndex with(RunSettings other) {
    return new StateIndex(FORMAT, other, other.hash(), step, latents, frames);
  }

  StateIndex with(int stepsDone, StoredFile file) {
    return new StateIndex(FORMAT, settings, settingsHash, stepsDone, file, frames);
  }

  StateIndex with(Decoded decoded) {
    return new StateIndex(FORMAT, settings, settingsHash, step, latents, decoded);
  }

  /** True if resuming saves work over beginning anew. */
  boolean worthKeeping() {
    return step > 0;
  }

  boolean denoised() {
    return latents != null && step == settings.steps();
  }

  /** Where the run is, for people. */
  String progress() {
    if (!denoised()) {
      return String.format(Locale.ROOT, "step %d of %d", step, settings.steps());
    }
    return frames.count() == 0
        ? "all %d steps done".formatted(step)
        : "all %d steps done, %d %s decoded"
            .formatted(step, frames.count(), frames.count() == 1 ? "frame" : "frames");
  }
}
