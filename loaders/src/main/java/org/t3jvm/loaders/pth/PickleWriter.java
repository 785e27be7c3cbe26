package org.t3jvm.loaders.pth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.TensorInfo;

/**
 * Writes the pickle of a plain dict of tensors, protocol 2, byte for byte as {@code torch.save}
 * does: each tensor is the whole of storage {@code 0}, {@code 1}, ... in order.
 */
final class PickleWriter {
  // Python's pickler writes dict items in groups of this size.
  private static final int BATCH = 1000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Map<String, Integer> memo = new HashMap<>();
  private int memoized;

  private PickleWriter() {}

  /** The pickle of {@code tensors}, in that order. */
  static byte[] write(List<TensorInfo> tensors) {
    PickleWriter writer = new PickleWriter();
    writer.dict(tensors);
    return writer.out.toByteArray();
  }

  private void dict(List<TensorInfo> tensors) {
    out.write(0x80);
    out.write(2);
    out.write('}');
    put();
    Iterator<TensorInfo> rest = tensors.iterator();
    for (int written = 0; written < tensors.size(); ) {
      int batch = Math.min(BATCH, tensors.size() - written);
      boolean single = tensors.size() == 1;
      if (!single) {
        out.write('(');
      }
      for (int i = 0; i < batch; i++) {
        item(rest.next(), written + i);
      }
      out.write(single ? 's' : 'u');
      written += batch;
    }
    out.write('.');
  }

  private void item(TensorInfo tensor, int key) {
    text(tensor.name());
    put();
    global("torch._utils", "_rebuild_tensor_v2");
    out.write('(');
    storage(tensor, key);
    out.write('K');
    out.write(0);
    tuple(tensor.shape().dims());
    tuple(tensor.shape().strides());
    out.write(0x89);
    global("collections", "OrderedDict");
    out.write(')');
    out.write('R');
    put();
    out.write('t');
    put();
    out.write('R');
    put();
  }

  private void storage(TensorInfo tensor, int key) {
    out.write('(');
    shared("storage");
    global("torch", PickleGlobals.storageName(tensor.type()));
    text(Integer.toString(key));
    put();
    shared("cpu");
    integer(tensor.shape().elements());
    out.write('t');
    put();
    out.write('Q');
  }

  private void tuple(long[] values) {
    if (values.length == 0) {
      out.write(')');
      return;
    }
    if (values.length > 3) {
      out.write('(');
    }
    for (long value : values) {
      integer(value);
    }
    out.write(values.length > 3 ? 't' : 0x84 + values.length);
    put();
  }

  private void integer(long value) {
    if (value <= 0xFF) {
      out.write('K');
      little(value, 1);
    } else if (value <= 0xFFFF) {
      out.write('M');
      little(value, 2);
    } else if (value <= Integer.MAX_VALUE) {
      out.write('J');
      little(value, 4);
    } else {
      int bytes = (Long.SIZE - Long.numberOfLeadingZeros(value)) / 8 + 1;
      out.write(0x8A);
      out.write(bytes);
      little(value, bytes);
    }
  }

  private void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    little(utf8.length, 4);
    out.writeBytes(utf8);
  }

  private void shared(String value) {
    if (!recall(value)) {
      text(value);
      remember(value);
    }
  }

  private void global(String module, String name) {
    String line = module + "\n" + name + "\n";
    if (!recall(line)) {
      out.write('c');
      out.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
      remember(line);
    }
  }

  private boolean recall(String what) {
    Integer index = memo.get(what);
    if (index == null) {
      return false;
    }
    boolean wide = index > 0xFF;
    out.write(wide ? 'j' : 'h');
    little(index, wide ? 4 : 1);
    return true;
  }

  private void remember(String what) {
    memo.put(what, memoized);
    put();
  }

  private void put() {
    boolean wide = memoized > 0xFF;
    out.write(wide ? 'r' : 'q');
    little(memoized++, wide ? 4 : 1);
  }

  private void little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
