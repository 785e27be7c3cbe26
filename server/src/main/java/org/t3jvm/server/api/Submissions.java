package org.t3jvm.server.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Lora;
import org.t3jvm.job.Start;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.server.engine.Engine;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.Form;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.store.JobStore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the jobs that requests bring, with bounds on everything. */
final class Submissions {
  static final int MAX_FRAMES = 10_000;

  private static final int MAX_STEPS = 1000;
  private static final int MAX_PROMPT = 10_000;
  private static final int MAX_JSON = 256 << 10;
  private static final int MAX_DATA_URL = 16 << 20;
  private static final long MAX_FORM = 64L << 20;

  /** Bodies that are read at a time, so that all together fit into memory. */
  private static final int AT_A_TIME = 32;

  private static final String REFERENCE = "input_reference";
  private static final Pattern DATA_URL =
      Pattern.compile("data:image/[a-z0-9.+-]{1,40};base64,([A-Za-z0-9+/=\\s]*)");

  private final Engine engine;
  private final JobQueue queue;
  private final JobStore store;
  private final Semaphore turns = new Semaphore(AT_A_TIME);

  Submissions(Engine engine, JobQueue queue, JobStore store) {
    this.engine = engine;
    this.queue = queue;
    this.store = store;
  }

  private interface Reading {
    Submission read() throws IOException, HttpFailure;
  }

  private Submission inTurn(Reading reading) throws IOException, HttpFailure {
    if (!turns.tryAcquire()) {
      throw new HttpFailure(503, "busy", "too many requests at a time; try again");
    }
    try {
      return reading.read();
    } catch (JobException e) {
      throw VideosApi.refused(e);
    } finally {
      turns.release();
    }
  }

  /** The job of {@code POST /v1/videos}. */
  Submission video(Call call) throws IOException, HttpFailure {
    return inTurn(() -> Form.isForm(call) ? videoForm(call) : videoJson(call));
  }

  private Submission videoJson(Call call) throws IOException, HttpFailure {
    requireJson(call);
    VideoRequest request = parse(call.body(MAX_DATA_URL), VideoRequest.class);
    Map<String, Path> files = new HashMap<>();
    if (request.inputReference() != null) {
      files.put(Submission.IMAGE, dataUrl(request.inputReference()));
    }
    return checked(request.job(engine), files);
  }

  private Submission videoForm(Call call) throws IOException, HttpFailure {
    Form form = Form.read(call, MAX_JSON, MAX_FORM, store::upload);
    try {
      requireFiles(form, Set.of(REFERENCE));
      ObjectNode fields = RecordJson.mapper().createObjectNode();
      form.fields().forEach(fields::put);
      VideoRequest request = parse(fields.toString(), VideoRequest.class);
      if (request.inputReference() != null) {
        throw HttpFailure.invalid(REFERENCE, "input_reference must be a file in a form");
      }
      Map<String, Path> files = new HashMap<>();
      Path image = form.files().get(REFERENCE);
      if (image != null) {
        files.put(Submission.IMAGE, image);
      }
      return checked(request.job(engine), files);
    } catch (IOException | HttpFailure | RuntimeException e) {
      form.discard();
      throw e;
    }
  }

  /** The job of {@code POST /v1/jobs} and {@code POST /v1/plan}. */
  Submission job(Call call) throws IOException, HttpFailure {
    return inTurn(() -> Form.isForm(call) ? jobForm(call) : jobJson(call));
  }

  private Submission jobJson(Call call) throws IOException, HttpFailure {
    requireJson(call);
    return started(call.body(MAX_JSON), new HashMap<>());
  }

  private Submission jobForm(Call call) throws IOException, HttpFailure {
    Form form = Form.read(call, MAX_JSON, MAX_FORM, store::upload);
    try {
      requireFiles(form, Set.of(Submission.IMAGE, Submission.VIDEO));
      String json = form.field("job");
      if (json == null || form.fields().size() > 1) {
        throw HttpFailure.invalid("job", "a form has one field, job, and files image and video");
      }
      return started(json, new HashMap<>(form.files()));
    } catch (IOException | HttpFailure | RuntimeException e) {
      form.discard();
      throw e;
    }
  }

  private Submission started(String json, Map<String, Path> files) throws IOException, HttpFailure {
    VideoJob job = parse(json, VideoJob.class);
    if (!hasCompute(json)) {
      job = job.with().compute(engine.compute()).build();
    }
    Start start = job.start();
    earlier("start.image", start.image(), Submission.IMAGE, files);
    earlier("start.video", start.video(), Submission.VIDEO, files);
    return checked(job, files);
  }

  private static boolean hasCompute(String json) {
    JsonNode tree = RecordJson.mapper().readTree(json);
    return tree.hasNonNull("compute");
  }

  /** A file of an earlier job, by its id: what a name in a job stands for. */
  private void earlier(String field, @Nullable Path named, String name, Map<String, Path> files)
      throws IOException, HttpFailure {
    if (named == null) {
      return;
    }
    Path file =
        queue.find(named.toString()).map(job -> queue.folder(job).resolve(name)).orElse(null);
    if (files.containsKey(name) || file == null || !Files.exists(file)) {
      throw HttpFailure.invalid(
          field,
          "%s must be sent as the file %s of a form, or be the id of a video that has one"
              .formatted(field, name));
    }
    Path copy = store.upload();
    files.put(name, copy);
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The job as it is kept: bounds hold, files are named, choices are filled in. */
  private Submission checked(VideoJob job, Map<String, Path> files)
      throws IOException, HttpFailure {
    Submission submission = new Submission(placed(job, files), files);
    try {
      checkBounds(job);
      Path image = files.get(Submission.IMAGE);
      if (image != null) {
        PictureBounds.check(Submission.IMAGE, image);
      }
      return submission;
    } catch (IOException | HttpFailure | RuntimeException e) {
      submission.close();
      throw e;
    }
  }

  private static VideoJob placed(VideoJob job, Map<String, Path> files) {
    Start start = job.start();
    boolean video = files.containsKey(Submission.VIDEO);
    return job.with()
        .start(
            new Start(
                files.containsKey(Submission.IMAGE) ? Path.of(Submission.IMAGE) : null,
                start.imageFit(),
                video ? Path.of(Submission.VIDEO) : null,
                video ? start.strength() : null,
                start.hires()))
        .build();
  }

  private void checkBounds(VideoJob job) throws IOException, HttpFailure {
    checkText("text.prompt", job.text().prompt());
    checkText("text.negative", job.text().negative());
    checkMost("size.frames", job.size().frames(), MAX_FRAMES);
    checkMost("sampling.steps", job.sampling().steps(), MAX_STEPS);
    List<Lora> asked = job.compute().allLoras();
    if (!asked.isEmpty()) {
      List<String> known = engine.loras();
      for (Lora lora : asked) {
        if (!known.contains(lora.file().toString())) {
          throw HttpFailure.invalid(
              "compute.loras.file",
              "there is no such LoRA; GET /v1/models lists those that there are");
        }
      }
    }
  }

  private static void checkText(String field, @Nullable String text) throws HttpFailure {
    if (text == null) {
      return;
    }
    if (text.length() > MAX_PROMPT) {
      throw HttpFailure.invalid(
          field, "%s has more than %d characters".formatted(field, MAX_PROMPT));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw HttpFailure.invalid(
          field, field + " has one half of a surrogate pair, which is no character");
    }
  }

  private static void checkMost(String field, @Nullable Integer value, int most)
      throws HttpFailure {
    if (value != null && value > most) {
      throw HttpFailure.invalid(
          field, "%s is %d, must be at most %d".formatted(field, value, most));
    }
  }

  private Path dataUrl(String text) throws IOException, HttpFailure {
    Matcher form = DATA_URL.matcher(text);
    if (form.matches()) {
      try {
        byte[] bytes = Base64.getMimeDecoder().decode(form.group(1));
        Path file = store.upload();
        Files.write(file, bytes);
        return file;
      } catch (IllegalArgumentException e) {
        // Refused below.
      }
    }
    throw HttpFailure.invalid(
        REFERENCE,
        "input_reference must be a file of a form, or data:image/png;base64,... in JSON");
  }

  private static void requireJson(Call call) throws HttpFailure {
    String type = call.header("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new HttpFailure(
          415, "content_type", "the body must be application/json or multipart/form-data");
    }
  }

  private static void requireFiles(Form form, Set<String> known) throws HttpFailure {
    for (String name : form.files().keySet()) {
      if (!known.contains(name)) {
        throw new HttpFailure(400, "unknown_field", name, name + " is unknown as a file");
      }
    }
  }

  /** A value from JSON whose errors name the field. */
  static <T> T parse(String json, Class<T> type) throws HttpFailure {
    try {
      return RecordJson.read(json, type);
    } catch (IOException | JobException e) {
      String message = String.valueOf(e.getMessage());
      boolean unknown = message.contains(" is unknown");
      throw new HttpFailure(
          400, unknown ? "unknown_field" : "invalid_value", field(message), message);
    }
  }

  /** The field that a message begins with. */
  static @Nullable String field(String message) {
    int end = 0;
    while (end < message.length()
        && (Character.isLetterOrDigit(message.charAt(end))
            || "._".indexOf(message.charAt(end)) >= 0)) {
      end++;
    }
    return end == 0 ? null : message.substring(0, end);
  }
}
