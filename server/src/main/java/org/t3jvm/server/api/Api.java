package org.t3jvm.server.api;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.guard.Access;
import org.t3jvm.server.guard.Door;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.store.JobStore;

/** Every path that the server answers. */
public final class Api {
  private Api() {}

  /**
   * A router of all paths.
   *
   * @param access null where no token is needed
   * @param defects gets what no request should fail with
   */
  public static Router router(
      Engine engine,
      JobQueue queue,
      JobStore store,
      Door door,
      @Nullable Access access,
      Consumer<Throwable> defects) {
    Metrics metrics = new Metrics();
    Router router = new Router(door, metrics, defects);
    Submissions submissions = new Submissions(engine, queue, store);
    VideoViews views = new VideoViews(engine, queue);
    VideosApi videos = new VideosApi(engine, queue, submissions, views);
    videos.addTo(router);
    new EventsApi(videos, views).addTo(router);
    new PlanApi(engine, submissions).addTo(router);
    new StatusApi(queue, metrics).addTo(router);
    new LoginApi(access).addTo(router);
    new PageApi().addTo(router);
    return router;
  }
}
