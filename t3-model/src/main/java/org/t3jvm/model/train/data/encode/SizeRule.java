package org.t3jvm.model.train.data.encode;

import java.util.Optional;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSize;

/**
 * Decides at which size clips are trained on.
 *
 * @param frames at most; shorter clips give as many as they have, rounded down to 1 + 4k
 * @param size height and width of all clips; empty if each keeps its own, rounded down to multiples
 * @param multiple what heights and widths must be multiples of
 */
public record SizeRule(int frames, Optional<FrameSize> size, int multiple) {
  /**
   * @throws IllegalArgumentException naming the size that is no multiple
   */
  public SizeRule {
    if (frames < 1 || frames % VaeConfig.TEMPORAL_FACTOR != 1) {
      throw new IllegalArgumentException(
          "%d frames: must be one more than a multiple of %d"
              .formatted(frames, VaeConfig.TEMPORAL_FACTOR));
    }
    if (size.isPresent()
        && (size.get().height() % multiple != 0 || size.get().width() % multiple != 0)) {
      throw new IllegalArgumentException(
          "%s: height and width must be multiples of %d".formatted(size.get(), multiple));
    }
  }

  /** All of it in one line. */
  public String key() {
    return "%d %s %d".formatted(frames, size.map(FrameSize::toString).orElse("own"), multiple);
  }

  /**
   * The size of a frame cut from one of {@code source}.
   *
   * @throws UnusableClipException if the source is smaller
   */
  public FrameSize of(FrameSize source) throws UnusableClipException {
    FrameSize target =
        size.orElseGet(
            () ->
                new FrameSize(
                    source.height() / multiple * multiple, source.width() / multiple * multiple));
    int least = size.isPresent() ? 1 : multiple;
    if (source.height() < Math.max(least, target.height())
        || source.width() < Math.max(least, target.width())) {
      FrameSize needed = size.orElse(new FrameSize(multiple, multiple));
      throw new UnusableClipException("it is %s, at least %s is needed".formatted(source, needed));
    }
    return target;
  }
}
