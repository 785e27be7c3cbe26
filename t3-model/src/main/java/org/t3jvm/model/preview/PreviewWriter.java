package org.t3jvm.model.preview;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.t3jvm.event.RunEvent;

/**
 * Shows every so many steps what the video is about to be. A picture that cannot be shown does not
 * end the run.
 */
public final class PreviewWriter implements Consumer<RunEvent> {
  private final int every;
  private final PreviewSink sink;
  private final Consumer<String> warnings;
  private boolean warned;

  /**
   * A writer of one run's previews.
   *
   * @param every steps from one picture to the next, at least 1
   * @param warnings gets one line if pictures cannot be shown
   */
  public PreviewWriter(int every, PreviewSink sink, Consumer<String> warnings) {
    this.every = every;
    this.sink = sink;
    this.warnings = warnings;
  }

  @Override
  public void accept(RunEvent event) {
    if (!(event instanceof RunEvent.Preview preview) || (preview.step() + 1) % every != 0) {
      return;
    }
    try {
      sink.show(preview.pictures().get());
    } catch (IOException | RuntimeException e) {
      if (!warned) {
        warned = true;
        warnings.accept(
            "no preview, the video is made all the same: "
                + Objects.requireNonNullElse(e.getMessage(), e.toString()));
      }
    }
  }
}
