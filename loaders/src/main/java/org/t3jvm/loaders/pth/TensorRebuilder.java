package org.t3jvm.loaders.pth;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.pth.PickleValue.Dict;
import org.t3jvm.loaders.pth.PickleValue.ElementType;
import org.t3jvm.loaders.pth.PickleValue.Function;
import org.t3jvm.loaders.pth.PickleValue.Int;
import org.t3jvm.loaders.pth.PickleValue.Storage;
import org.t3jvm.loaders.pth.PickleValue.StorageClass;
import org.t3jvm.loaders.pth.PickleValue.Text;
import org.t3jvm.loaders.pth.PickleValue.Tuple;
import org.t3jvm.loaders.pth.PickleValue.View;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.tensor.Shape;

/**
 * Gives the allowed functions of a pickle their meaning: it builds descriptions of tensors and
 * checks each storage against its zip entry and each view against its storage. Argument orders are
 * those of SPEC 14.
 */
final class TensorRebuilder {
  private static final int MAX_RANK = 64;

  private final Map<String, ZipDirectory.Entry> entries;
  private final String folder;

  /**
   * @param entries the zip entries by name
   * @param folder the prefix of this checkpoint's entries, ending in a slash
   */
  TensorRebuilder(Map<String, ZipDirectory.Entry> entries, String folder) {
    this.entries = entries;
    this.folder = folder;
  }

  /** The storage of persistent id {@code ('storage', class, key, location, element count)}. */
  Storage storage(Tuple id) throws MalformedTensorException {
    if (id.size() != 5
        || !(id.get(0) instanceof Text(String kind))
        || !kind.equals("storage")
        || !(id.get(1) instanceof StorageClass storageClass)
        || !(id.get(2) instanceof Text(String key))
        || !(id.get(4) instanceof Int(long count))) {
      throw new MalformedTensorException(
          "has a storage that is not ('storage', class, key, location, count)");
    }
    String name = folder + "data/" + key;
    ZipDirectory.Entry entry = entries.get(name);
    if (entry == null) {
      throw new MalformedTensorException(
          "needs the storage %s, which the file lacks".formatted(Messages.quote(name)));
    }
    long bytes = count < 0 ? -1 : storageClass.type().bytes(count);
    if (bytes != entry.size()) {
      throw new MalformedTensorException(
          "has a storage of %d %s elements, but %s holds %d bytes"
              .formatted(count, storageClass.type(), Messages.quote(name), entry.size()));
    }
    return new Storage(storageClass, entry.offset(), bytes);
  }

  /** The value of an allowed function for arguments from the pickle. */
  PickleValue call(Function function, Tuple arguments) throws MalformedTensorException {
    return switch (function) {
      case ORDERED_DICT -> {
        if (arguments.size() != 0) {
          throw new MalformedTensorException("has an OrderedDict built from arguments");
        }
        yield new Dict();
      }
      case REBUILD_PARAMETER -> {
        if (arguments.size() != 3 || !(arguments.get(0) instanceof View view)) {
          throw new MalformedTensorException("is a parameter that holds no tensor");
        }
        yield view;
      }
      case REBUILD_TENSOR_V2 -> view(arguments, 6, null);
      case REBUILD_TENSOR_V3 -> {
        if (arguments.size() < 7 || !(arguments.get(6) instanceof ElementType(StoredType type))) {
          throw new MalformedTensorException("is rebuilt without a dtype");
        }
        yield view(arguments, 7, type);
      }
    };
  }

  /** A view from (storage, offset, sizes, strides, requires_grad, hooks, ...). */
  private static View view(Tuple arguments, int least, @Nullable StoredType dtype)
      throws MalformedTensorException {
    if (arguments.size() < least
        || arguments.size() > least + 1
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(1) instanceof Int(long offset))
        || !(arguments.get(2) instanceof Tuple sizes)
        || !(arguments.get(3) instanceof Tuple steps)) {
      throw new MalformedTensorException(
          "is not rebuilt from (storage, offset, sizes, strides, requires_grad, hooks)");
    }
    long[] dims = integers(sizes, "size");
    long[] strides = integers(steps, "stride");
    if (dims.length != strides.length || dims.length > MAX_RANK) {
      throw new MalformedTensorException(
          "has %d sizes and %d strides; equal numbers up to %d are expected"
              .formatted(dims.length, strides.length, MAX_RANK));
    }
    StoredType type = dtype == null ? storage.storageClass().type() : dtype;
    Shape shape;
    try {
      shape = Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw new MalformedTensorException("has an impossible shape: " + e.getMessage());
    }
    View view = new View(storage, type, offset, shape, strides);
    requireInside(view, strides);
    return view;
  }

  private static long[] integers(Tuple tuple, String what) throws MalformedTensorException {
    long[] values = new long[Math.min(tuple.size(), MAX_RANK + 1)];
    for (int i = 0; i < values.length; i++) {
      if (!(tuple.get(i) instanceof Int(long value)) || value < 0) {
        throw new MalformedTensorException("has a " + what + " that is no non-negative integer");
      }
      values[i] = value;
    }
    return values;
  }

  private static void requireInside(View view, long[] strides) throws MalformedTensorException {
    long elements = view.shape().elements();
    long capacity = view.storage().bytes() * 8 / view.type().bits();
    boolean inside = view.offset() >= 0 && view.bytes() >= 0;
    if (inside && elements > 0) {
      try {
        long last = view.offset();
        for (int axis = 0; axis < view.shape().rank(); axis++) {
          long steps = Math.multiplyExact(view.shape().dim(axis) - 1, strides[axis]);
          last = Math.addExact(last, steps);
        }
        inside = last < capacity;
      } catch (ArithmeticException e) {
        inside = false;
      }
    }
    if (!inside) {
      throw new MalformedTensorException(
          "of shape %s, offset %d, strides %s reaches outside its storage of %d elements"
              .formatted(view.shape(), view.offset(), Arrays.toString(strides), capacity));
    }
  }
}
