package org.t3jvm.loaders.pth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.tensor.Shape;

/**
 * What a value in a checkpoint's pickle can be. Containers may hold each other in cycles, so none
 * of these types compares or prints its content.
 */
sealed interface PickleValue {

  /** Text, such as a tensor's name. */
  record Text(String value) implements PickleValue {}

  /** An integer of 64 bits. */
  record Int(long value) implements PickleValue {}

  /** A floating-point number. */
  record Real(double value) implements PickleValue {}

  /** True or false. */
  record Bool(boolean value) implements PickleValue {}

  /** A value that loading tensors never looks into. */
  enum Opaque implements PickleValue {
    NONE,
    BYTES,
    BIG_INTEGER
  }

  /** A dict or an OrderedDict. Values under keys that are not text are kept apart, nameless. */
  final class Dict implements PickleValue {
    // String keys, because a map stays fast under colliding hashes only if its keys are comparable.
    private final Map<String, PickleValue> named = new LinkedHashMap<>();
    private final List<PickleValue> nameless = new ArrayList<>(0);

    /** Values by text key, in insertion order. */
    Map<String, PickleValue> named() {
      return named;
    }

    /** Values under other keys. */
    List<PickleValue> nameless() {
      return nameless;
    }
  }

  /** A list. */
  final class Items implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>(0);

    List<PickleValue> items() {
      return items;
    }
  }

  /** A tuple. */
  final class Tuple implements PickleValue {
    private final PickleValue[] items;

    Tuple(PickleValue... items) {
      this.items = items;
    }

    int size() {
      return items.length;
    }

    PickleValue get(int index) {
      return items[index];
    }
  }

  /** A callable of the list of allowed globals. */
  enum Function implements PickleValue {
    ORDERED_DICT,
    REBUILD_TENSOR_V2,
    REBUILD_TENSOR_V3,
    REBUILD_PARAMETER
  }

  /**
   * A typed storage class of torch, which names an element type; {@code type} is U8 and the count
   * is in bytes for {@code UntypedStorage}.
   */
  record StorageClass(StoredType type, boolean untyped) implements PickleValue {}

  /** A torch dtype. */
  record ElementType(StoredType type) implements PickleValue {}

  /** The storage in a zip entry; {@code offset} is where its bytes begin in the file. */
  record Storage(StorageClass storageClass, long offset, long bytes) implements PickleValue {}

  /** A tensor: a strided view of a storage, {@code offset} and {@code strides} in elements. */
  final class View implements PickleValue {
    private final Storage storage;
    private final StoredType type;
    private final long offset;
    private final Shape shape;
    private final long[] strides;

    View(Storage storage, StoredType type, long offset, Shape shape, long[] strides) {
      this.storage = storage;
      this.type = type;
      this.offset = offset;
      this.shape = shape;
      this.strides = strides;
    }

    Storage storage() {
      return storage;
    }

    StoredType type() {
      return type;
    }

    long offset() {
      return offset;
    }

    Shape shape() {
      return shape;
    }

    /** Elements from one index to the next along an axis. */
    long stride(int axis) {
      return strides[axis];
    }

    /** Bytes of all elements, packed; -1 if there are more than 2^63-1. */
    long bytes() {
      return type.bytes(shape.elements());
    }

    /** True if the elements lie densely in row-major order. */
    boolean contiguous() {
      if (shape.elements() == 0) {
        return true;
      }
      long expected = 1;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        if (shape.dim(axis) != 1 && strides[axis] != expected) {
          return false;
        }
        expected *= shape.dim(axis);
      }
      return true;
    }
  }
}
