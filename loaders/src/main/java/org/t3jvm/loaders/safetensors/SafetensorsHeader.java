package org.t3jvm.loaders.safetensors;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.JsonLimits;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads and checks the header of one safetensors file: {@code name: {dtype, shape, data_offsets}}.
 * The rules are upstream's: the tensors cover the data section without overlap, gap or rest.
 */
final class SafetensorsHeader {
  /** The longest header that the format allows. */
  static final long MAX_HEADER = 100_000_000;

  /** The key beside the tensors that holds text. */
  static final String METADATA = "__metadata__";

  private static final int MAX_RANK = 64;

  // Measured, garbage included: parser strings, description, shape, map node and share of the
  // table.
  private static final long ENTRY_BYTES = 640;

  /** One tensor and where its bytes begin, counted from the end of the header. */
  record Slot(TensorInfo info, long begin) {
    long end() {
      return begin + info.bytes();
    }
  }

  private final MappedFile file;
  private final long dataStart;
  private final long dataBytes;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean metadataSeen;

  private SafetensorsHeader(MappedFile file, long headerBytes) {
    this.file = file;
    this.dataStart = Long.BYTES + headerBytes;
    this.dataBytes = file.size() - dataStart;
  }

  /** Reads the header of {@code file} and checks it against the file's size. */
  static SafetensorsHeader read(MappedFile file) throws CheckpointException {
    if (file.size() < Long.BYTES) {
      throw file.error(
          "%d bytes are too few for a safetensors file, which begins with 8 bytes of header length"
              .formatted(file.size()));
    }
    long headerBytes = file.i64(0);
    if (headerBytes < 0 || headerBytes > MAX_HEADER) {
      throw file.error(
          "header length %s exceeds the %d bytes that safetensors allows; damaged or other format"
              .formatted(Long.toUnsignedString(headerBytes), MAX_HEADER));
    }
    if (headerBytes > file.size() - Long.BYTES) {
      throw file.error(
          "header length %d runs past the end of the file of %d bytes; truncated or damaged"
              .formatted(headerBytes, file.size()));
    }
    SafetensorsHeader header = new SafetensorsHeader(file, headerBytes);
    header.parse(headerBytes);
    header.checkCoverage();
    return header;
  }

  long dataStart() {
    return dataStart;
  }

  Map<String, Slot> slots() {
    return Collections.unmodifiableMap(slots);
  }

  Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  private void parse(long headerBytes) throws CheckpointException {
    try (JsonParser json = JsonLimits.parser(file.slice(Long.BYTES, headerBytes))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw file.error("the header is not a JSON object of tensors");
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        file.allowDescription(ENTRY_BYTES + 4L * name.length());
        boolean object = json.nextToken() == JsonToken.START_OBJECT;
        if (name.equals(METADATA)) {
          readMetadata(json, object);
        } else {
          readTensor(json, name, object);
        }
      }
      if (json.nextToken() != null) {
        throw file.error("the header has content after its JSON object");
      }
    } catch (JacksonException e) {
      throw file.error(
          "the header is not valid JSON: " + Messages.plain(String.valueOf(e.getOriginalMessage())),
          e);
    }
  }

  private void readMetadata(JsonParser json, boolean object) throws CheckpointException {
    if (!object) {
      throw file.error(METADATA + " is not an object of strings");
    }
    if (metadataSeen) {
      throw file.error(METADATA + " appears twice in the header");
    }
    metadataSeen = true;
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw file.error("%s value of %s is not a string".formatted(METADATA, Messages.quote(key)));
      }
      String value = json.getString();
      file.allowDescription(ENTRY_BYTES + 4L * key.length() + 2L * value.length());
      if (metadata.put(key, value) != null) {
        throw file.error(
            "%s key %s appears twice in the header".formatted(METADATA, Messages.quote(key)));
      }
    }
  }

  private void readTensor(JsonParser json, String name, boolean object) throws CheckpointException {
    if (!object) {
      throw error(name, "is not an object with dtype, shape and data_offsets");
    }
    @Nullable StoredType type = null;
    @Nullable Shape shape = null;
    long @Nullable [] offsets = null;
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      JsonToken value = json.nextToken();
      boolean repeated =
          switch (field) {
            case "dtype" -> type != null;
            case "shape" -> shape != null;
            case "data_offsets" -> offsets != null;
            default ->
                throw error(
                    name,
                    "has an unknown field %s; dtype, shape and data_offsets are expected"
                        .formatted(Messages.quote(field)));
          };
      if (repeated) {
        throw error(name, "has the field " + field + " twice");
      }
      switch (field) {
        case "dtype" -> type = readType(json, name, value);
        case "shape" -> shape = readShape(json, name, value);
        default -> offsets = readLongs(json, name, field, value, 2);
      }
    }
    if (type == null || shape == null || offsets == null) {
      String missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw error(name, "lacks the field " + missing);
    }
    TensorInfo info = new TensorInfo(name, type, shape, checkedBytes(name, type, shape, offsets));
    if (slots.put(name, new Slot(info, offsets[0])) != null) {
      throw error(name, "appears twice in the header");
    }
  }

  private StoredType readType(JsonParser json, String name, @Nullable JsonToken value)
      throws CheckpointException {
    if (value != JsonToken.VALUE_STRING) {
      throw error(name, "has a dtype that is not a string");
    }
    String text = json.getString();
    try {
      return StoredType.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw error(
          name,
          "has the unknown dtype %s; safetensors has %s"
              .formatted(Messages.quote(text), Arrays.toString(StoredType.values())));
    }
  }

  private Shape readShape(JsonParser json, String name, @Nullable JsonToken value)
      throws CheckpointException {
    try {
      return Shape.of(readLongs(json, name, "shape", value, MAX_RANK));
    } catch (IllegalArgumentException e) {
      throw error(name, "has an impossible shape: " + e.getMessage());
    }
  }

  private long[] readLongs(
      JsonParser json, String name, String field, @Nullable JsonToken value, int most)
      throws CheckpointException {
    if (value != JsonToken.START_ARRAY) {
      throw error(name, "has a " + field + " that is not an array of integers");
    }
    long[] longs = new long[4];
    int count = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token != JsonToken.VALUE_NUMBER_INT
          || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || json.getLongValue() < 0) {
        throw error(
            name,
            "has %s in its %s; non-negative integers below 2^63 are expected"
                .formatted(Messages.plain(Objects.toString(json.getString())), field));
      }
      if (count == most) {
        throw error(name, "has more than %d numbers in its %s".formatted(most, field));
      }
      file.allowDescription(6 * Long.BYTES);
      if (count == longs.length) {
        longs = Arrays.copyOf(longs, 2 * count);
      }
      longs[count++] = json.getLongValue();
    }
    if (field.equals("data_offsets") && count != 2) {
      throw error(name, "has %d data_offsets; begin and end are expected".formatted(count));
    }
    return Arrays.copyOf(longs, count);
  }

  private long checkedBytes(String name, StoredType type, Shape shape, long[] offsets)
      throws CheckpointException {
    long begin = offsets[0];
    long end = offsets[1];
    if (begin > end) {
      throw error(name, "has data_offsets [%d, %d] that run backwards".formatted(begin, end));
    }
    long bytes = type.bytes(shape.elements());
    if (bytes != end - begin) {
      String need = bytes < 0 ? "no whole number of bytes" : bytes + " bytes";
      throw error(
          name,
          "of %s %s takes %s, its data_offsets [%d, %d] give it %d"
              .formatted(type, shape, need, begin, end, end - begin));
    }
    if (end > dataBytes) {
      throw error(
          name,
          "ends at byte %d of the data, but the file holds only %d bytes of data; it is truncated"
              .formatted(end, dataBytes));
    }
    return bytes;
  }

  private void checkCoverage() throws CheckpointException {
    Slot[] ordered = slots.values().toArray(new Slot[0]);
    Arrays.sort(ordered, Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
    long covered = 0;
    String last = "the header";
    for (Slot slot : ordered) {
      String name = slot.info().name();
      if (slot.begin() < covered) {
        throw error(
            name,
            "begins at byte %d of the data and overlaps %s, which ends at %d"
                .formatted(slot.begin(), last, covered));
      }
      if (slot.begin() > covered) {
        throw error(
            name,
            "begins at byte %d of the data, leaving a gap after %s, which ends at %d"
                .formatted(slot.begin(), last, covered));
      }
      covered = slot.end();
      last = Messages.quote(name);
    }
    if (covered != dataBytes) {
      throw file.error(
          "the file holds %d bytes of data, its tensors take %d; damaged or padded"
              .formatted(dataBytes, covered));
    }
  }

  private CheckpointException error(String name, String what) {
    return file.error("tensor " + Messages.quote(name) + " " + what);
  }
}
