package org.t3jvm.model.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/** A checkpoint's tensors as a graph's parameters; each is made once. */
final class CheckpointParameters implements Parameters {
  private final Checkpoint checkpoint;
  private final Map<String, Tensor> tensors = new ConcurrentHashMap<>();

  CheckpointParameters(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.computeIfAbsent(name, this::load);
  }

  private Tensor load(String name) {
    try {
      return checkpoint.tensor(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
