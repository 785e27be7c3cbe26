package org.t3jvm.loaders.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.io.ElementWriter;
import org.t3jvm.loaders.io.JsonLimits;
import org.t3jvm.loaders.io.TensorOutput;
import tools.jackson.core.JsonGenerator;

/**
 * Writes a safetensors file (SPEC 14) in one pass, a tensor at a time. Wider element types come
 * first, as upstream writes them, so that every tensor is aligned to its element size.
 */
public final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * Writes the tensors described by {@code layout}, asking {@code source} for each when its turn
   * comes. The file appears under its name only when it is complete.
   *
   * @throws IOException if the source fails or gives a tensor of another shape or dtype
   * @throws CheckpointException if the file cannot be written
   */
  public static void write(
      Path path, Collection<TensorInfo> layout, TensorSource source, Map<String, String> metadata)
      throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      write(
          file,
          layout,
          (info, to) -> to.write(TensorOutput.elements(path, info, source)),
          metadata);
      file.commit();
    }
  }

  /**
   * Writes the tensors described by {@code layout} to a file that the caller commits.
   *
   * @throws IOException if the elements cannot be had, are not as many as announced, or cannot be
   *     written
   */
  static void write(
      AtomicFile file,
      Collection<TensorInfo> layout,
      ElementWriter elements,
      Map<String, String> metadata)
      throws IOException {
    Path path = file.target();
    TensorOutput.requireWritable(path, layout, SafetensorsHeader.METADATA);
    List<TensorInfo> ordered = new ArrayList<>(layout);
    ordered.sort(Comparator.comparingInt((TensorInfo info) -> info.type().bits()).reversed());
    byte[] header = header(ordered, metadata);
    if (header.length > SafetensorsHeader.MAX_HEADER) {
      throw new CheckpointException(
          "%s: the header takes %d bytes, safetensors allows %d"
              .formatted(path, header.length, SafetensorsHeader.MAX_HEADER));
    }
    file.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    file.write(header);
    for (TensorInfo info : ordered) {
      long end = file.position() + info.bytes();
      elements.write(info, file);
      if (file.position() != end) {
        throw new IllegalStateException(
            "%s: %d bytes too many were written".formatted(info, file.position() - end));
      }
    }
  }

  private static byte[] header(List<TensorInfo> ordered, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonLimits.generator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.METADATA);
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long offset = 0;
      for (TensorInfo info : ordered) {
        json.writeObjectPropertyStart(info.name());
        json.writeStringProperty("dtype", info.type().name());
        json.writeName("shape");
        long[] dims = info.shape().dims();
        json.writeArray(dims, 0, dims.length);
        json.writeName("data_offsets");
        json.writeArray(new long[] {offset, offset + info.bytes()}, 0, 2);
        json.writeEndObject();
        offset += info.bytes();
      }
      json.writeEndObject();
    }
    int length = bytes.size();
    byte[] padded = Arrays.copyOf(bytes.toByteArray(), (length + 7) & -8);
    Arrays.fill(padded, length, padded.length, (byte) ' ');
    return padded;
  }
}
