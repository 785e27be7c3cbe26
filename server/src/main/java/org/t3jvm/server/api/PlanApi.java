package org.t3jvm.server.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.JobPlan;
import org.t3jvm.job.JobException;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.engine.Inputs;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.http.Router;
import org.t3jvm.tensor.backend.BackendException;

/** {@code /v1/plan} and {@code /v1/models}: what the model is, and what a job would take. */
final class PlanApi {
  private final Engine engine;
  private final Submissions submissions;

  PlanApi(Engine engine, Submissions submissions) {
    this.engine = engine;
    this.submissions = submissions;
  }

  void addTo(Router router) {
    router
        .on("POST", "/v1/plan", this::plan)
        .on("GET", "/v1/models", this::models)
        .on("GET", "/v1/models/{id}", this::model);
  }

  private void plan(Call call) throws IOException, HttpFailure {
    try (Submission submission = submissions.job(call)) {
      JobPlan plan = engine.plan(submission.job(), submission.files());
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      answer.put("object", "plan");
      answer.put("fits", plan.shortage().isEmpty());
      answer.put("shortage", plan.shortage().orElse(null));
      answer.put("seconds", plan.time().toMillis() / 1e3);
      answer.put("memory", plan.memory());
      answer.put("disk", plan.disk());
      answer.put("tokens", plan.tokens());
      answer.put("operations", plan.operations());
      answer.put("text", plan.text());
      answer.put("job", Inputs.bare(plan.job()).with().start(submission.job().start()).build());
      call.json(200, answer);
    } catch (JobException | BackendException e) {
      throw VideosApi.refused(e);
    }
  }

  private void models(Call call) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("object", "list");
    answer.put("data", List.of(view()));
    call.json(200, answer);
  }

  private void model(Call call) throws IOException, HttpFailure {
    if (!call.parameter("id").equals(engine.model())) {
      throw HttpFailure.notFound("there is no such model; the one there is: " + engine.model());
    }
    call.json(200, view());
  }

  private Map<String, Object> view() throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", engine.model());
    model.put("object", "model");
    model.put("created", 0);
    model.put("owned_by", "t3");
    model.put("loras", engine.loras());
    model.put("defaults", engine.defaults());
    return model;
  }
}
