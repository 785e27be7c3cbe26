package org.t3jvm.model.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.model.job.ResolvedJob;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.video.CroppingSink;
import org.t3jvm.model.video.FrameSink;

/**
 * A video whose frames stay in memory.
 *
 * @param pictures its frames
 * @param tags that a file of it carries
 */
public record MemoryVideo(Pictures pictures, Map<String, String> tags) {
  /** Makes the video of a job. */
  public static MemoryVideo make(Session session, ResolvedJob job, RunProgress progress)
      throws IOException {
    Frames frames = new Frames();
    try (FrameSink sink = CroppingSink.of(frames, job.computed(), job.written())) {
      session.pipeline(job).generate(job.request(), sink, progress);
      sink.finish();
    } catch (IOException | RuntimeException e) {
      progress.report(new RunEvent.Failed(e));
      throw e;
    }
    progress.report(new RunEvent.Finished(frames.all.size()));
    return new MemoryVideo(
        new Pictures(frames.all, job.written().height(), job.written().width()),
        session.record(job).tags());
  }

  private static final class Frames implements FrameSink {
    private final List<byte[]> all = new ArrayList<>();

    @Override
    public void write(byte[] rgb) {
      all.add(rgb.clone());
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
