package org.t3jvm.server.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunEvent;
import org.t3jvm.server.store.StoredJob;

/** Makes the video of a job in its folder, from where an earlier run of it has come to. */
public interface Maker {
  /** Name of a finished video in its job's folder. */
  String VIDEO = "video.mp4";

  /**
   * Makes the video.
   *
   * @param folder of the job
   * @throws IOException if something cannot be read or written, or the run ends early
   */
  void make(StoredJob job, Path folder, Consumer<RunEvent> events, CancelToken cancel)
      throws IOException;
}
