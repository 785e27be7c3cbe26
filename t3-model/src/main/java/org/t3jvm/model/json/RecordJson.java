package org.t3jvm.model.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/** JSON of jobs and of records that hold them: unknown fields are refused, null ones left out. */
public final class RecordJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .changeDefaultPropertyInclusion(
              value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
          .addModule(
              new SimpleModule()
                  .addSerializer(Path.class, ToStringSerializer.instance)
                  .addDeserializer(Path.class, new PathReader()))
          .build();

  /** Paths as they were given, not as the URI that Jackson makes of them. */
  private static final class PathReader extends ValueDeserializer<Path> {
    @Override
    public Path deserialize(JsonParser parser, DeserializationContext context) {
      return Path.of(parser.getString());
    }
  }

  private RecordJson() {}

  /** Writes and reads records in one line of JSON. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * A value from JSON.
   *
   * @throws IOException if it is none of that type, naming the field
   */
  public static <T> T read(String json, Class<T> type) throws IOException {
    T value;
    try {
      value = MAPPER.readValue(json, type);
    } catch (JacksonException e) {
      throw new IOException(reason(e), e);
    }
    if (value == null) {
      throw new IOException("the JSON is null, must be an object");
    }
    return value;
  }

  private static String reason(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException refused) {
        return String.valueOf(refused.getMessage());
      }
    }
    String path = path(e.getPath());
    if (e instanceof InputCoercionException number) {
      return "%s has too many digits, must be a whole number of at most %d"
          .formatted(
              path, number.getTargetType() == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE);
    }
    if (!(e instanceof DatabindException)) {
      return "it is not JSON: " + e.getOriginalMessage();
    }
    if (e instanceof UnrecognizedPropertyException) {
      return "%s is unknown, no job has such a field".formatted(path);
    }
    String where = path.isEmpty() ? "the job" : path;
    return e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
        ? "%s must be %s".formatted(where, ExpectedValue.of(mismatch.getTargetType()))
        : "%s: %s".formatted(where, e.getOriginalMessage());
  }

  private static String path(List<Reference> references) {
    return references.stream()
        .map(r -> r.getPropertyName() != null ? r.getPropertyName() : "" + r.getIndex())
        .collect(Collectors.joining("."));
  }
}
