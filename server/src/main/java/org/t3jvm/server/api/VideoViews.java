package org.t3jvm.server.api;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.queue.Job;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.queue.JobState;
import org.t3jvm.server.queue.Progress;
import org.t3jvm.server.store.Status;
import org.t3jvm.server.store.StoredJob;

/** Jobs as clients see them: the fields that tools of other services read, and then our own. */
final class VideoViews {
  private final Engine engine;
  private final JobQueue queue;

  VideoViews(Engine engine, JobQueue queue) {
    this.engine = engine;
    this.queue = queue;
  }

  /**
   * One job as a JSON object in one line. Its place comes last, as it changes with every job that
   * is begun, and the rest is kept.
   */
  String json(Job job) {
    Job.Written written = job.written(state -> RecordJson.mapper().writeValueAsString(view(state)));
    boolean waits = written.state().stored().status() == Status.QUEUED;
    String open = written.text().substring(0, written.text().length() - 1);
    return open + ",\"position\":" + (waits ? queue.position(job) : null) + "}";
  }

  private Map<String, @Nullable Object> view(JobState state) {
    StoredJob stored = state.stored();
    VideoJob video = stored.job();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("id", stored.id());
    view.put("object", "video");
    view.put("created_at", stored.times().created().getEpochSecond());
    view.put("started_at", seconds(stored.times().started()));
    view.put("completed_at", seconds(stored.times().ended()));
    view.put("expires_at", null);
    view.put("status", stored.status().toString());
    view.put("progress", percent(stored.status(), state.progress()));
    view.put("model", stored.model() == null ? engine.model() : stored.model());
    view.put("prompt", video.text().prompt());
    view.put("seconds", duration(video));
    view.put("size", "%dx%d".formatted(video.size().width(), video.size().height()));
    view.put("error", error(stored));
    view.put("remixed_from_video_id", null);
    view.put("seed", video.sampling().seed());
    view.put("previews", state.previews());
    view.put("run", stored.status() == Status.IN_PROGRESS ? state.progress() : null);
    view.put("job", video);
    return view;
  }

  private static @Nullable Long seconds(@Nullable Instant time) {
    return time == null ? null : time.getEpochSecond();
  }

  private static int percent(Status status, @Nullable Progress progress) {
    return status == Status.COMPLETED ? 100 : progress == null ? 0 : progress.percent();
  }

  /** As the field's tools have it, a text. */
  private static String duration(VideoJob job) {
    Integer frames = job.size().frames();
    Double fps = job.size().fps();
    if (frames == null || fps == null) {
      return "";
    }
    return String.format(Locale.ROOT, "%.2f", frames / fps).replaceAll("\\.?0+$", "");
  }

  private static @Nullable Object error(StoredJob stored) {
    return stored.error() == null ? null : Map.of("code", "failed", "message", stored.error());
  }
}
