package org.t3jvm.loaders;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A tensor's entry in a checkpoint, known without loading it.
 *
 * @param name the name in the file
 * @param type the element type in the file, which may be one that cannot be loaded
 * @param shape the extents, outermost first
 * @param bytes bytes of all elements, packed
 */
public record TensorInfo(String name, StoredType type, Shape shape, long bytes) {

  /** The description of a tensor that is to be written under {@code name}. */
  public static TensorInfo of(String name, Tensor tensor) {
    return new TensorInfo(name, StoredType.of(tensor.dtype()), tensor.shape(), tensor.byteSize());
  }

  /** True if {@link Checkpoint#tensor} can load it. */
  public boolean supported() {
    return type.dtype() != null;
  }

  /** Why {@link Checkpoint#tensor} refuses this type, and which types it takes. */
  public String unsupported() {
    String usable =
        Stream.of(StoredType.values())
            .filter(each -> each.dtype() != null)
            .map(StoredType::name)
            .collect(Collectors.joining(", "));
    return "tensor %s has dtype %s, which is not supported; supported are %s"
        .formatted(Messages.quote(name), type, usable);
  }

  /** As {@code blocks.0.ffn.0.weight F32 [8960, 1536]}. */
  @Override
  public String toString() {
    return Messages.printable(name) + " " + type + " " + shape;
  }
}
