package org.t3jvm.server.queue;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.json.RecordJson;

/** Makes of a run's events what the listeners of its job hear. */
final class RunListener implements Consumer<RunEvent> {
  /** Blocks of tiny models come faster than anybody reads. */
  private static final long PAUSE_NANOS = 200_000_000;

  private final Job job;
  private final ProgressMeter meter = new ProgressMeter(System::nanoTime);
  private final LivePictures pictures;
  private long last = System.nanoTime();

  RunListener(Job job, Path folder) {
    this.job = job;
    this.pictures = new LivePictures(folder, job::previewed);
  }

  @Override
  public void accept(RunEvent event) {
    pictures.accept(event);
    if (event instanceof RunEvent.Warning(String message)) {
      String line = Reason.withoutFolders(message);
      job.log()
          .add("warning", RecordJson.mapper().createObjectNode().put("message", line).toString());
    }
    if (meter.take(event)) {
      Progress now = meter.progress();
      job.become(now);
      long time = System.nanoTime();
      if (!(event instanceof RunEvent.BlockDone) || time - last >= PAUSE_NANOS) {
        last = time;
        job.log().add("progress", RecordJson.mapper().writeValueAsString(now));
      }
    }
  }
}
