package org.t3jvm.loaders.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;

/** Reads and checks what stands before the data of a GGUF file. */
final class GgufHeader {
  /** "GGUF". */
  static final long MAGIC = 0x46554747;

  /** Shapes of more than four axes, which the format does not have, stand in the metadata. */
  private static final String SHAPE_KEY = "comfy.gguf.orig_shape.";

  private static final String ALIGNMENT_KEY = "general.alignment";
  private static final String SPLIT_KEY = "split.count";
  private static final long ENTRY_BYTES = 400;
  private static final int MAX_NESTING = 4;
  private static final int MAX_RANK = 4;
  private static final int MAX_TEXT = 1 << 16;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** Bytes of a value of each type; 0 for strings and arrays. */
  private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  /** One tensor: as what it loads, how it is stored, and where its bytes begin in the data. */
  record Slot(TensorInfo info, GgufType type, long begin) {}

  private final MappedFile file;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private long at = 4;
  private long dataStart;

  private GgufHeader(MappedFile file) {
    this.file = file;
  }

  /** Reads the header of a file that begins with {@link #MAGIC}. */
  static GgufHeader read(MappedFile file) throws CheckpointException {
    GgufHeader header = new GgufHeader(file);
    header.parse();
    return header;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  Map<String, Slot> slots() {
    return slots;
  }

  /** Where a tensor's bytes begin in the file. */
  long start(Slot slot) {
    return dataStart + slot.begin();
  }

  private void parse() throws CheckpointException {
    long version = u32("version");
    if (version != 2 && version != 3) {
      throw file.error("is GGUF of version %d; versions 2 and 3 are supported".formatted(version));
    }
    long tensors = count("tensors", 24);
    long values = count("values", 13);
    for (long i = 0; i < values; i++) {
      readValue();
    }
    for (long i = 0; i < tensors; i++) {
      readTensor();
    }
    requireWhole();
    long alignment = align();
    long end = 0;
    for (Slot slot :
        slots.values().stream().sorted(Comparator.comparingLong(Slot::begin)).toList()) {
      if (slot.begin() % alignment != 0 || slot.begin() < end) {
        throw error(
            slot.info().name(),
            "begins at byte %d of the data, must be a multiple of %d from %d on; damaged"
                .formatted(slot.begin(), alignment, end));
      }
      requireInside(slot);
      end = slot.begin() + slot.type().bytes(slot.info().shape().elements());
    }
  }

  private void requireWhole() throws CheckpointException {
    String parts = metadata.getOrDefault(SPLIT_KEY, "1");
    if (!parts.equals("1") && !parts.equals("0")) {
      throw file.error(
          "is one of %s parts of a split GGUF; merge them first, as llama-gguf-split --merge does"
              .formatted(Messages.quote(parts)));
    }
  }

  private long align() throws CheckpointException {
    String said = metadata.getOrDefault(ALIGNMENT_KEY, "32");
    long alignment;
    try {
      alignment = Long.parseLong(said);
    } catch (NumberFormatException e) {
      alignment = 0;
    }
    if (alignment < 1 || alignment > 1 << 20) {
      throw file.error(
          "%s is %s, must be from 1 to 1048576".formatted(ALIGNMENT_KEY, Messages.quote(said)));
    }
    dataStart = Math.ceilDiv(at, alignment) * alignment;
    return alignment;
  }

  private void requireInside(Slot slot) throws CheckpointException {
    long bytes = slot.type().bytes(slot.info().shape().elements());
    long room = file.size() - dataStart;
    if (slot.begin() < 0 || bytes > room - slot.begin()) {
      throw file.error(
          "tensor %s of %d bytes at byte %s of the data runs past its %d bytes; truncated or damaged"
              .formatted(
                  Messages.quote(slot.info().name()),
                  bytes,
                  Long.toUnsignedString(slot.begin()),
                  Math.max(0, room)));
    }
  }

  private void readValue() throws CheckpointException {
    String key = text("key");
    int type = valueType();
    file.allowDescription(ENTRY_BYTES + 4L * key.length());
    if (type == ARRAY) {
      List<Long> shape = key.startsWith(SHAPE_KEY) ? new ArrayList<>() : null;
      long from = at;
      skipArray(1);
      if (shape != null) {
        long end = at;
        at = from;
        readShape(shape);
        at = end;
        shapes.put(key.substring(SHAPE_KEY.length()), shape);
      }
      return;
    }
    if (type == STRING) {
      String text = text("value of " + Messages.quote(key));
      file.allowDescription(4L * text.length());
      metadata.put(key, text);
    } else {
      metadata.put(key, scalar(type));
    }
  }

  private void readShape(List<Long> shape) throws CheckpointException {
    int type = valueType();
    long count = count("shape values", 1);
    if ((type != 4 && type != 5 && type != 10 && type != 11) || count > 8) {
      throw file.error("a %s value is no array of up to 8 integers".formatted(SHAPE_KEY));
    }
    for (long i = 0; i < count; i++) {
      shape.add(Long.parseLong(scalar(type)));
    }
  }

  private void skipArray(int depth) throws CheckpointException {
    int type = valueType();
    long count = count("array values", Math.max(1, VALUE_BYTES[type]));
    if (type == ARRAY && depth == MAX_NESTING) {
      throw file.error("has arrays nested more than %d deep".formatted(MAX_NESTING));
    }
    if (type != STRING && type != ARRAY) {
      at += count * VALUE_BYTES[type];
      return;
    }
    for (long i = 0; i < count; i++) {
      if (type == ARRAY) {
        skipArray(depth + 1);
      } else {
        at += count("bytes of text", 1);
      }
    }
  }

  private String scalar(int type) throws CheckpointException {
    require(VALUE_BYTES[type], "value");
    long where = at;
    at += VALUE_BYTES[type];
    return switch (type) {
      case 0 -> Integer.toString(file.u8(where));
      case 1 -> Byte.toString((byte) file.u8(where));
      case 2 -> Integer.toString(file.u16(where));
      case 3 -> Short.toString((short) file.u16(where));
      case 4 -> Long.toString(file.u32(where));
      case 5 -> Integer.toString((int) file.u32(where));
      case 6 -> Float.toString(Float.intBitsToFloat((int) file.u32(where)));
      case 7 -> Boolean.toString(file.u8(where) != 0);
      case 10 -> Long.toUnsignedString(file.i64(where));
      case 11 -> Long.toString(file.i64(where));
      default -> Double.toString(Double.longBitsToDouble(file.i64(where)));
    };
  }

  private void readTensor() throws CheckpointException {
    String name = text("tensor's name");
    file.allowDescription(ENTRY_BYTES + 4L * name.length());
    long rank = u32("rank");
    if (rank > MAX_RANK) {
      throw error(name, "has %d axes; GGUF has at most %d".formatted(rank, MAX_RANK));
    }
    long[] dims = new long[(int) rank];
    // The first is the innermost.
    for (int i = dims.length - 1; i >= 0; i--) {
      dims[i] = u64("extent");
    }
    long id = u32("type");
    GgufType type =
        GgufType.of(id)
            .orElseThrow(
                () ->
                    error(
                        name,
                        "has the GGUF type %s; supported are %s"
                            .formatted(GgufType.nameOf(id), GgufType.names())));
    long begin = u64("offset");
    Shape shape = shape(name, dims);
    if (type.bytes(shape.elements()) < 0
        || (dims.length > 0 && dims[dims.length - 1] % type.blockElements() != 0)) {
      throw error(
          name,
          "of shape %s does not have rows of whole blocks of %d, as %s needs"
              .formatted(shape, type.blockElements(), type));
    }
    long bytes = type.loaded().bytes(shape.elements());
    if (bytes < 0) {
      throw error(name, "of shape %s is too large".formatted(shape));
    }
    TensorInfo info = new TensorInfo(name, type.loaded(), shape, bytes);
    if (slots.put(name, new Slot(info, type, begin)) != null) {
      throw error(name, "appears twice");
    }
  }

  private Shape shape(String name, long[] dims) throws CheckpointException {
    List<Long> original = shapes.get(name);
    try {
      Shape stored = Shape.of(dims);
      if (original == null) {
        return stored;
      }
      Shape shape = Shape.of(original.stream().mapToLong(Long::longValue).toArray());
      if (shape.elements() != stored.elements()) {
        throw error(name, "of shape %s is said to be %s".formatted(stored, shape));
      }
      return shape;
    } catch (IllegalArgumentException e) {
      throw error(name, "has an impossible shape: " + e.getMessage());
    }
  }

  private int valueType() throws CheckpointException {
    long type = u32("type of a value");
    if (type >= VALUE_BYTES.length) {
      throw file.error("has a value of the unknown type %d; damaged".formatted(type));
    }
    return (int) type;
  }

  private long u32(String what) throws CheckpointException {
    require(4, what);
    at += 4;
    return file.u32(at - 4);
  }

  private long u64(String what) throws CheckpointException {
    require(8, what);
    at += 8;
    long value = file.i64(at - 8);
    if (value < 0) {
      throw file.error("has the %s %s; damaged".formatted(what, Long.toUnsignedString(value)));
    }
    return value;
  }

  /** A number of things that take at least that many bytes each. */
  private long count(String what, int bytesEach) throws CheckpointException {
    long count = u64("number of " + what);
    if (count > (file.size() - at) / bytesEach) {
      throw file.error(
          "says it has %d %s, for which %d bytes are too few; damaged"
              .formatted(count, what, file.size()));
    }
    return count;
  }

  private String text(String what) throws CheckpointException {
    long length = count("bytes of the " + what, 1);
    if (length > MAX_TEXT) {
      long from = at;
      at += length;
      return file.text(from, MAX_TEXT);
    }
    at += length;
    return file.text(at - length, (int) length);
  }

  private void require(long bytes, String what) throws CheckpointException {
    if (bytes > file.size() - at) {
      throw file.error("ends in its header, before a %s; truncated".formatted(what));
    }
  }

  private CheckpointException error(String name, String what) {
    return file.error("tensor " + Messages.quote(name) + " " + what);
  }
}
