package org.t3jvm.loaders;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Tensor;

/**
 * A set of named tensors in one or more files, read lazily. Opening reads names and shapes only;
 * elements are memory-mapped and reach memory when they are touched. Safe for use by many threads.
 *
 * <p>Tensors live as long as the checkpoint: after {@link #close} the files are unmapped and any
 * access to a tensor's memory throws {@link IllegalStateException}. A file must not be shortened or
 * rewritten in place while it is open: the operating system then fails the access, which ends the
 * process or is reported as an {@link InternalError} at some later point; runs hold a {@link
 * org.t3jvm.loaders.io.FileLease} on {@link #files} against that. Replacing a file by renaming
 * another over it, as the writers of this module do, is safe.
 */
public interface Checkpoint extends TensorSource, AutoCloseable {

  /** The file or files, for messages. */
  String description();

  /** The files that its tensors lie in. */
  List<Path> files();

  /** Every tensor by name, in file order; unmodifiable. */
  Map<String, TensorInfo> entries();

  /**
   * The description of the tensor of that name.
   *
   * @throws CheckpointException if there is no such tensor
   */
  default TensorInfo info(String name) throws CheckpointException {
    TensorInfo info = entries().get(name);
    if (info == null) {
      throw new CheckpointException(
          "%s: has no tensor %s among its %d"
              .formatted(description(), Messages.quote(name), entries().size()));
    }
    return info;
  }

  /** Text stored beside the tensors: safetensors metadata, or plain values of a pickled dict. */
  Map<String, String> metadata();

  /**
   * The tensor of that name over mapped memory; a copy only where its elements do not lie densely
   * in row-major order.
   *
   * @throws CheckpointException if there is no such tensor or its element type is not supported
   * @throws IllegalStateException if the checkpoint is closed
   */
  @Override
  Tensor tensor(String name) throws CheckpointException;

  /**
   * Bytes that tensors take in memory once all were asked for; 0 where all are used where they lie
   * in the files.
   */
  default long decodedBytes() {
    return 0;
  }

  /**
   * Frees the memory of a tensor that was decoded; what {@link #tensor} gave must not be used any
   * more. Asked for again, it is decoded again.
   */
  default void release(String name) {}

  /** Unmaps the files. Every tensor obtained from this checkpoint becomes unusable. */
  @Override
  void close();
}
