package org.t3jvm.model.profile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.AtomicFile;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trace in Chrome's event format, which Perfetto and chrome://tracing open. It is there only when
 * complete.
 */
final class ProfileFile implements AutoCloseable {
  private static final int PROCESS = 1;
  private static final int THREAD = 1;

  private final AtomicFile file;

  ProfileFile(AtomicFile file) {
    this.file = file;
  }

  /**
   * Starts a file, so that one that cannot be written is known before the run.
   *
   * @throws CheckpointException if it cannot be written, saying why
   */
  static ProfileFile create(Path path) throws CheckpointException {
    return new ProfileFile(AtomicFile.create(path));
  }

  /** Writes what a profile has gathered. */
  ProfileSummary write(Profile profile) throws CheckpointException {
    List<Span> spans = profile.finish();
    ProfileSummary summary = new ProfileSummary(OpTotals.of(spans));
    try (OutputStream out = new BufferedOutputStream(new ToFile(file), 1 << 16);
        JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("displayTimeUnit", "ms");
      json.writeArrayPropertyStart("traceEvents");
      name(json, "process_name", "t3");
      name(json, "thread_name", "pipeline");
      spans.stream()
          .sorted(Comparator.comparingLong(Span::start).thenComparing(Span::kind))
          .forEach(span -> event(json, span));
      json.writeEndArray();
      json.writeObjectPropertyStart("otherData");
      summary(json, summary);
      json.writeEndObject();
      json.writeEndObject();
    } catch (JacksonIOException e) {
      throw new CheckpointException(String.valueOf(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
    file.commit();
    return summary;
  }

  private static void name(JsonGenerator json, String kind, String name) {
    json.writeStartObject();
    json.writeStringProperty("ph", "M");
    json.writeStringProperty("name", kind);
    json.writeNumberProperty("pid", PROCESS);
    json.writeNumberProperty("tid", THREAD);
    json.writeObjectPropertyStart("args");
    json.writeStringProperty("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void event(JsonGenerator json, Span span) {
    json.writeStartObject();
    json.writeStringProperty("ph", "X");
    json.writeStringProperty("cat", span.kind().name().toLowerCase(Locale.ROOT));
    json.writeStringProperty("name", span.name());
    json.writeNumberProperty("pid", PROCESS);
    json.writeNumberProperty("tid", THREAD);
    json.writeNumberProperty("ts", span.start() / 1e3);
    json.writeNumberProperty("dur", span.nanos() / 1e3);
    OpCost cost = span.cost();
    if (cost != null) {
      json.writeObjectPropertyStart("args");
      json.writeStringProperty("result", cost.result());
      json.writeNumberProperty("bytes", cost.bytes());
      if (cost.flop() > 0) {
        json.writeNumberProperty("flop", cost.flop());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void summary(JsonGenerator json, ProfileSummary summary) {
    json.writeArrayPropertyStart("summary");
    for (OpTotals totals : summary.totals()) {
      json.writeStartObject();
      json.writeStringProperty("op", totals.op());
      json.writeNumberProperty("count", totals.count());
      json.writeNumberProperty("milliseconds", totals.nanos() / 1e6);
      json.writeNumberProperty("share", totals.share());
      json.writeNumberProperty("gflopPerSecond", totals.gflopPerSecond());
      json.writeNumberProperty("gigabytesPerSecond", totals.gigabytesPerSecond());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Removes what was written, unless it is complete. */
  @Override
  public void close() throws CheckpointException {
    file.close();
  }

  /** Appends to the file. */
  private static final class ToFile extends OutputStream {
    private final AtomicFile file;

    ToFile(AtomicFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws CheckpointException {
      file.write(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws CheckpointException {
      file.write(Arrays.copyOfRange(bytes, from, from + count));
    }
  }
}
