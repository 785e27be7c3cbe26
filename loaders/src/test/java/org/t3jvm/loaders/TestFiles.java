package org.t3jvm.loaders;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Files and tensors that the tests of this module share. */
public final class TestFiles {
  private TestFiles() {}

  /** A file of the test resources. */
  public static Path resource(String name) {
    URL url = Objects.requireNonNull(TestFiles.class.getResource("/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Tensors of every dtype that both formats are written with, of random bits, of ranks 0 to 5, one
   * of them empty.
   */
  public static Map<String, Tensor> everyKind(long seed) {
    Random random = new Random(seed);
    List<Shape> shapes =
        List.of(
            Shape.of(3, 5),
            Shape.of(),
            Shape.of(7),
            Shape.of(0, 3),
            Shape.of(2, 1, 4, 1, 3),
            Shape.of(1, 300));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int next = 0;
    for (DType dtype : DType.values()) {
      if (dtype.isFloat8()) {
        continue;
      }
      for (int i = 0; i < 2; i++) {
        Tensor tensor = Tensor.allocate(dtype, shapes.get(next++ % shapes.size()));
        for (long at = 0; at < tensor.byteSize(); at++) {
          tensor.segment().set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
        tensors.put("block." + i + "." + dtype + ".gewicht \"\u00e9\u6f22\"", tensor);
      }
    }
    return tensors;
  }

  /** What the writers want to know about tensors. */
  public static List<TensorInfo> layout(Map<String, Tensor> tensors) {
    List<TensorInfo> infos = new ArrayList<>();
    tensors.forEach((name, tensor) -> infos.add(TensorInfo.of(name, tensor)));
    return infos;
  }

  /** Writes a safetensors file. */
  public static Path safetensors(Path path, Map<String, Tensor> tensors) throws IOException {
    SafetensorsWriter.write(path, layout(tensors), source(tensors), Map.of());
    return path;
  }

  /** Writes a .pth file. */
  public static Path pth(Path path, Map<String, Tensor> tensors) throws IOException {
    PthWriter.write(path, layout(tensors), source(tensors));
    return path;
  }

  /** Tensors of a map by name. */
  public static TensorSource source(Map<String, Tensor> tensors) {
    return name -> Objects.requireNonNull(tensors.get(name), name);
  }

  /** The bytes of a safetensors file with this header text and that many zero bytes of data. */
  public static byte[] safetensorsBytes(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  /** The elements of a tensor as they lie in memory. */
  public static byte[] bytes(Tensor tensor) {
    return tensor.segment().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Writes {@code content} and returns the message with which opening it fails. */
  public static String failure(Path path, byte[] content) {
    try {
      Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return failure(path);
  }

  /** The message with which opening {@code path} fails; it is one line and names the file. */
  public static String failure(Path path) {
    return failure(() -> Checkpoints.open(path).close(), List.of(path.toString()));
  }

  /** The one-line message of a failing action, checked to contain every one of {@code parts}. */
  public static String failure(Action action, Collection<String> parts) {
    CheckpointException e = catchThrowableOfType(CheckpointException.class, action::run);
    if (e == null) {
      throw new AssertionError("nothing failed, expected an error with " + parts);
    }
    String message = String.valueOf(e.getMessage());
    for (String part : parts) {
      if (!message.contains(part)) {
        throw new AssertionError("message lacks '" + part + "': " + message, e);
      }
    }
    if (message.lines().count() != 1) {
      throw new AssertionError("message is not one line: " + message, e);
    }
    return message;
  }

  /** Something that may fail with a checked exception. */
  @FunctionalInterface
  public interface Action {
    void run() throws Throwable;
  }
}
