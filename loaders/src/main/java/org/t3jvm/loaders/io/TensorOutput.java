package org.t3jvm.loaders.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.TensorSource;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Tensor;

/** What every writer checks of the tensors it is given. */
public final class TensorOutput {
  private TensorOutput() {}

  /** Fails if a name occurs twice or is one of {@code reserved}, or a type cannot be written. */
  public static void requireWritable(Path path, Collection<TensorInfo> layout, String... reserved)
      throws CheckpointException {
    Set<String> names = new HashSet<>(Set.of(reserved));
    for (TensorInfo info : layout) {
      if (!info.supported()) {
        throw new CheckpointException(path + ": " + info.unsupported());
      }
      if (!names.add(info.name())) {
        throw new CheckpointException(
            "%s: tensor name %s is taken; every tensor needs a name of its own"
                .formatted(path, Messages.quote(info.name())));
      }
    }
  }

  /**
   * The elements of a tensor that was announced as {@code info}.
   *
   * @throws CheckpointException if it has another dtype or shape
   * @throws IOException if the source fails
   */
  public static MemorySegment elements(Path path, TensorInfo info, TensorSource source)
      throws IOException {
    Tensor tensor = source.tensor(info.name());
    if (tensor.dtype() != info.type().dtype() || !tensor.shape().equals(info.shape())) {
      throw new CheckpointException(
          "%s: tensor %s was announced as %s %s, but is %s"
              .formatted(path, Messages.quote(info.name()), info.type(), info.shape(), tensor));
    }
    return tensor.segment();
  }
}
