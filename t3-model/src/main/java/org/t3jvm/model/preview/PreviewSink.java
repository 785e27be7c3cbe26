package org.t3jvm.model.preview;

import java.io.IOException;
import org.t3jvm.event.Pictures;

/** Takes pictures of a run. */
@FunctionalInterface
public interface PreviewSink {
  /** Takes what the video looks like now, in place of what it took before. */
  void show(Pictures pictures) throws IOException;
}
