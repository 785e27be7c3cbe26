package org.t3jvm.server.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.Job;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.queue.JobStateException;
import org.t3jvm.server.queue.LivePictures;
import org.t3jvm.server.queue.Maker;
import org.t3jvm.server.queue.Reason;
import org.t3jvm.server.store.Status;
import org.t3jvm.tensor.backend.BackendException;
import tools.jackson.databind.util.RawValue;

/** {@code /v1/videos} and {@code /v1/jobs}: adding, finding, getting and changing videos. */
final class VideosApi {
  private static final int MAX_WAITING = 1000;
  private static final int MAX_PAGE = 100;
  private static final int MAX_SMALL_BODY = 4096;

  private final Engine engine;
  private final JobQueue queue;
  private final Submissions submissions;
  private final VideoViews views;

  VideosApi(Engine engine, JobQueue queue, Submissions submissions, VideoViews views) {
    this.engine = engine;
    this.queue = queue;
    this.submissions = submissions;
    this.views = views;
  }

  void addTo(Router router) {
    router
        .on("POST", "/v1/videos", call -> submit(call, submissions.video(call)))
        .on("POST", "/v1/jobs", call -> submit(call, submissions.job(call)))
        .on("GET", "/v1/videos", this::list)
        .on("GET", "/v1/videos/{id}", call -> show(call, job(call)))
        .on("DELETE", "/v1/videos/{id}", this::delete)
        .on("GET", "/v1/videos/{id}/content", this::content)
        .on("POST", "/v1/videos/{id}/cancel", call -> change(call, queue::cancel))
        .on("POST", "/v1/videos/{id}/resume", call -> change(call, queue::resume))
        .on("POST", "/v1/videos/{id}/move", this::move);
  }

  private void submit(Call call, Submission submission) throws IOException, HttpFailure {
    try (submission) {
      if (queue.order().size() >= MAX_WAITING) {
        throw new HttpFailure(
            429, "queue_full", "%d videos wait already; try again later".formatted(MAX_WAITING));
      }
      Job added = queue.submit(complete(submission), submission.files());
      show(call, added);
    }
  }

  private VideoJob complete(Submission submission) throws HttpFailure {
    try {
      Map<String, Path> files = submission.files();
      return engine.complete(submission.job(), files);
    } catch (JobException | BackendException | IOException e) {
      throw refused(e);
    }
  }

  /** A job that this model cannot make. */
  static HttpFailure refused(Exception e) {
    String reason = Reason.of(e);
    return HttpFailure.invalid(
        e instanceof JobException ? Submissions.field(reason) : null, reason);
  }

  /** The job that the path names. */
  Job job(Call call) throws HttpFailure {
    return queue.find(call.parameter("id")).orElseThrow(VideosApi::unknown);
  }

  private static HttpFailure unknown() {
    return HttpFailure.notFound("there is no video of this id");
  }

  private void show(Call call, Job job) throws IOException {
    call.text(200, "application/json", views.json(job));
  }

  private void list(Call call) throws IOException, HttpFailure {
    int limit = call.query("limit", 20, 1, MAX_PAGE);
    boolean oldestFirst = oldestFirst(call);
    Optional<Status> status = status(call);
    List<Job> jobs = new ArrayList<>(queue.all());
    if (status.isPresent()) {
      jobs.removeIf(job -> job.status() != status.get());
    }
    if (!oldestFirst) {
      jobs = jobs.reversed();
    }
    String after = call.query("after").orElse(null);
    if (after != null) {
      boolean later = oldestFirst;
      jobs = jobs.stream().filter(job -> job.id().compareTo(after) > 0 == later).toList();
      jobs = jobs.stream().filter(job -> !job.id().equals(after)).toList();
    }
    List<Job> page = jobs.subList(0, Math.min(limit, jobs.size()));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("object", "list");
    answer.put("data", page.stream().map(job -> new RawValue(views.json(job))).toList());
    answer.put("first_id", page.isEmpty() ? null : page.getFirst().id());
    answer.put("last_id", page.isEmpty() ? null : page.getLast().id());
    answer.put("has_more", jobs.size() > page.size());
    call.json(200, answer);
  }

  private static boolean oldestFirst(Call call) throws HttpFailure {
    String order = call.query("order").orElse("desc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw HttpFailure.invalid("order", "order must be asc or desc");
    }
    return order.equals("asc");
  }

  private static Optional<Status> status(Call call) throws HttpFailure {
    Optional<String> asked = call.query("status");
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Status.valueOf(asked.get().toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw HttpFailure.invalid(
          "status", "status must be queued, in_progress, completed, failed or cancelled");
    }
  }

  private void delete(Call call) throws IOException, HttpFailure {
    Job job = job(call);
    try {
      queue.delete(job);
    } catch (JobStateException e) {
      throw unknown();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", job.id());
    answer.put("object", "video.deleted");
    answer.put("deleted", true);
    call.json(200, answer);
  }

  private void content(Call call) throws IOException, HttpFailure {
    Job job = job(call);
    Path folder = queue.folder(job);
    boolean finished = job.status() == Status.COMPLETED;
    String variant = call.query("variant").orElse("video");
    switch (variant) {
      case "video" -> {
        if (!finished) {
          throw HttpFailure.notFound("the video is %s, not completed".formatted(job.status()));
        }
        call.reply("Content-Disposition", "inline; filename=\"%s.mp4\"".formatted(job.id()));
        call.reply("Cache-Control", "private, max-age=86400, immutable");
        call.file("video/mp4", folder.resolve(Maker.VIDEO), job.id());
      }
      case "thumbnail", "preview" -> {
        Path picture = LivePictures.of(folder, variant.equals("thumbnail"));
        if (picture == null) {
          throw HttpFailure.notFound("there is no picture yet");
        }
        call.bytes(200, "image/jpeg", Files.readAllBytes(picture));
      }
      default ->
          throw HttpFailure.invalid("variant", "variant must be video, thumbnail or preview");
    }
  }

  private interface Change {
    void apply(Job job) throws IOException, JobStateException;
  }

  private void change(Call call, Change change) throws IOException, HttpFailure {
    Job job = job(call);
    try {
      change.apply(job);
    } catch (JobStateException e) {
      throw new HttpFailure(409, "state", String.valueOf(e.getMessage()));
    }
    show(call, job);
  }

  /**
   * The body of a move.
   *
   * @param position in the queue, from 0
   */
  record Move(int position) {}

  private void move(Call call) throws IOException, HttpFailure {
    Move move = Submissions.parse(call.body(MAX_SMALL_BODY), Move.class);
    if (move.position() < 0) {
      throw HttpFailure.invalid("position", "position must be from 0, the next one");
    }
    change(call, job -> queue.move(job, move.position()));
  }
}
