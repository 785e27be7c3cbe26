package org.t3jvm.server.api;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.EventStream;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.Event;
import org.t3jvm.server.queue.Job;

/**
 * {@code /v1/videos/{id}/events}: what happens in a job. A listener first gets the whole video as
 * it is now, unless it has seen all before what comes next; one that reads slowly misses events and
 * gets the video again.
 */
final class EventsApi {
  private static final int MAX_LISTENERS = 512;
  private static final Duration BEAT = Duration.ofSeconds(10);

  private final VideosApi videos;
  private final VideoViews views;
  private final Semaphore listeners = new Semaphore(MAX_LISTENERS);

  EventsApi(VideosApi videos, VideoViews views) {
    this.videos = videos;
    this.views = views;
  }

  void addTo(Router router) {
    router.on("GET", "/v1/videos/{id}/events", this::events);
  }

  private void events(Call call) throws IOException, HttpFailure, InterruptedException {
    Job job = videos.job(call);
    long seen = seen(call.header("Last-Event-ID"));
    if (job.over() && seen == job.log().last()) {
      // To an EventSource, which would come back for ever, this says that nothing more follows.
      call.empty(204);
      return;
    }
    if (!listeners.tryAcquire()) {
      throw new HttpFailure(503, "busy", "too many listeners; try again");
    }
    try (EventStream stream = EventStream.open(call)) {
      send(job, seen, stream);
    } finally {
      listeners.release();
    }
  }

  private void send(Job job, long seen, EventStream stream)
      throws IOException, InterruptedException {
    long at = seen;
    while (true) {
      if (!job.log().has(at)) {
        at = job.log().last();
        stream.send(at, "video", views.json(job));
      }
      if (job.over() && at == job.log().last()) {
        return;
      }
      List<Event> events = job.log().after(at, BEAT);
      for (Event event : events) {
        stream.send(event.id(), event.type(), event.data());
        at = event.id();
      }
      if (events.isEmpty()) {
        stream.beat();
      }
    }
  }

  private static long seen(@Nullable String header) {
    try {
      return header == null ? -1 : Long.parseLong(header);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
