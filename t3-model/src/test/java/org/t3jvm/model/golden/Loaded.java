package org.t3jvm.model.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.layout.Part;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/** An opened checkpoint as a graph's parameters. */
public record Loaded(Checkpoint checkpoint) implements Parameters, AutoCloseable {
  /** Opens a file. */
  public static Loaded open(Path file) throws IOException {
    return new Loaded(Checkpoints.open(file));
  }

  /** Opens a part's file, whatever names it has. */
  public static Loaded open(Part part, Path file) throws IOException {
    return new Loaded(part.of(Checkpoints.open(file)));
  }

  @Override
  public Tensor tensor(String name) {
    try {
      return checkpoint.tensor(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every tensor's shape by name. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    checkpoint.entries().forEach((name, info) -> shapes.put(name, info.shape()));
    return shapes;
  }

  /** True if there is a tensor of this name. */
  boolean has(String name) {
    return checkpoint.entries().containsKey(name);
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
