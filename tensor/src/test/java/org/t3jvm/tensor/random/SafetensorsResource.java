package org.t3jvm.tensor.random;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a small, trusted safetensors file of the test resources. */
final class SafetensorsResource {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"\\w+\",\"shape\":\\[[\\d,]*],"
              + "\"data_offsets\":\\[(\\d+),(\\d+)]}");

  private final TreeMap<String, ByteBuffer> tensors = new TreeMap<>();

  SafetensorsResource(String resource) {
    byte[] bytes;
    try (InputStream in = SafetensorsResource.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no test resource " + resource);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(file.getLong());
    String header = new String(bytes, 8, headerLength, StandardCharsets.UTF_8).replace(" ", "");
    Matcher entry = ENTRY.matcher(header);
    while (entry.find()) {
      int begin = Integer.parseInt(entry.group(2));
      int end = Integer.parseInt(entry.group(3));
      tensors.put(
          entry.group(1),
          file.slice(8 + headerLength + begin, end - begin).order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  Set<String> names() {
    return tensors.keySet();
  }

  float[] floats(String name) {
    ByteBuffer data = tensor(name);
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }

  long[] longs(String name) {
    ByteBuffer data = tensor(name);
    long[] values = new long[data.remaining() / Long.BYTES];
    data.asLongBuffer().get(values);
    return values;
  }

  private ByteBuffer tensor(String name) {
    ByteBuffer data = tensors.get(name);
    if (data == null) {
      throw new IllegalStateException("no tensor " + name + " in " + tensors.keySet());
    }
    return data;
  }
}
