package org.t3jvm.model.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;
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

  /** Decodes nothing. */
  @Override
  public TensorType type(String name) {
    try {
      TensorInfo info = checkpoint.info(name);
      DType dtype = info.type().dtype();
      return dtype == null ? Parameters.super.type(name) : new TensorType(dtype, info.shape());
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Frees the memory of a tensor that was decoded and that nothing uses any more. */
  void release(String name) {
    if (tensors.remove(name) != null) {
      checkpoint.release(name);
    }
  }

  private Tensor load(String name) {
    try {
      return checkpoint.tensor(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
