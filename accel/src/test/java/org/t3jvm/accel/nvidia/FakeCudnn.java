package org.t3jvm.accel.nvidia;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * cuDNN's backend API as its manual describes it: descriptors with attributes, and graphs of
 * products, pointwise operations and reductions, which it computes in plain loops over host memory,
 * one operation after the other.
 */
final class FakeCudnn {
  private static final long HANDLE = 55;
  private static final int BAD_PARAM = 2000;
  private static final int NOT_SUPPORTED = 3000;
  private static final int WORKSPACE = 4096;

  /** Bytes of a value of each attribute type. */
  private static final Map<Integer, Integer> BYTES =
      Map.of(0, 8, 1, 4, 2, 1, 3, 8, 6, 8, 8, 4, 14, 4, 15, 8, 18, 4);

  private record Thing(int kind, Map<Integer, long[]> attributes) {
    long[] all(int attribute) {
      return Objects.requireNonNull(attributes.get(attribute), "attribute " + attribute);
    }

    long one(int attribute) {
      return all(attribute)[0];
    }
  }

  final NativeStubs stubs = new NativeStubs();

  /** Streams that attention was put on. */
  final List<Long> streams = new ArrayList<>();

  /** For {@link #works}: all ways, of any number of shapes. */
  static final int ALL = -1;

  /** Which of the ways that it proposes it can really go; the first by default. */
  int works;

  /** Times it was asked for ways. */
  int asked;

  private final Map<Long, Thing> things = new HashMap<>();
  private long next = 100;
  private long stream;
  private int plans;

  FakeCudnn() {
    stubs.with("cudnnGetVersion", "J", a -> 90501);
    stubs.with("cudnnCreate", "IP", a -> put(a[0], HANDLE));
    stubs.with("cudnnDestroy", "IJ", a -> (long) a[0] == HANDLE ? 0 : BAD_PARAM);
    stubs.with("cudnnSetStream", "IJJ", a -> (stream = (long) a[1]) * 0);
    stubs.with("cudnnBackendCreateDescriptor", "IIP", this::create);
    stubs.with("cudnnBackendSetAttribute", "IJIIJP", this::set);
    stubs.with("cudnnBackendGetAttribute", "IJIIJPP", this::get);
    stubs.with("cudnnBackendFinalize", "IJ", this::finish);
    stubs.with(
        "cudnnBackendDestroyDescriptor",
        "IJ",
        a -> things.remove((long) a[0]) == null ? BAD_PARAM : 0);
    stubs.with("cudnnBackendExecute", "IJJJ", this::execute);
    stubs.with(
        "cudnnGetLastErrorString",
        "VPJ",
        a -> {
          NativeStubs.at(a[0]).setString(0, "the reason\n of it ");
          return 0;
        });
  }

  /** Descriptors that were created and not destroyed. */
  int alive() {
    return things.size();
  }

  private static long put(Object address, long value) {
    NativeStubs.at(address).set(ValueLayout.JAVA_LONG, 0, value);
    return 0;
  }

  private Thing thing(long address) {
    return Objects.requireNonNull(things.get(address), "no such descriptor");
  }

  private long create(Object... a) {
    things.put(++next, new Thing((int) a[0], new HashMap<>()));
    return put(a[1], next);
  }

  private long set(Object... a) {
    long[] values = new long[Math.toIntExact((long) a[3])];
    int bytes = Objects.requireNonNull(BYTES.get((int) a[2]));
    MemorySegment array = NativeStubs.at(a[4]);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (bytes) {
            case 1 -> array.getAtIndex(ValueLayout.JAVA_BYTE, i);
            case 4 -> array.getAtIndex(ValueLayout.JAVA_INT, i);
            default -> array.getAtIndex(ValueLayout.JAVA_LONG, i);
          };
    }
    thing((long) a[0]).attributes().put((int) a[1], values);
    return 0;
  }

  private long get(Object... a) {
    if ((int) a[1] == 402) {
      put(a[4], 1);
      return put(a[5], WORKSPACE);
    }
    // Two proposals, with the graph as an attribute of their own.
    asked++;
    put(a[4], 2);
    for (int i = 0; i < 2; i++) {
      long proposal = NativeStubs.at(a[5]).getAtIndex(ValueLayout.JAVA_LONG, i);
      thing(proposal).attributes().put(-1, thing((long) a[0]).all(201));
    }
    return 0;
  }

  private long finish(Object... a) {
    return thing((long) a[0]).kind() == 5 && works != ALL && plans++ != works ? NOT_SUPPORTED : 0;
  }

  private long execute(Object... a) {
    streams.add(stream);
    Thing configuration = thing(thing((long) a[1]).one(401));
    Thing graph = thing(configuration.one(-1));
    Thing pack = thing((long) a[2]);
    Map<Long, Long> memory = new TreeMap<>();
    for (int i = 0; i < pack.all(1000).length; i++) {
      memory.put(pack.all(1000)[i], pack.all(1001)[i]);
    }
    Map<Long, double[]> values = new HashMap<>();
    for (long operation : graph.all(801)) {
      run(thing(operation), values, memory);
    }
    return 0;
  }

  private void run(Thing op, Map<Long, double[]> values, Map<Long, Long> memory) {
    switch (op.kind()) {
      case 19 -> product(op, values, memory);
      case 13 -> pointwise(op, values, memory);
      default -> reduction(op, values, memory);
    }
  }

  private void product(Thing op, Map<Long, double[]> values, Map<Long, Long> memory) {
    Thing left = thing(op.one(1520));
    Thing right = thing(op.one(1521));
    double[] a = read(left, values, memory);
    double[] b = read(right, values, memory);
    long[] e = left.all(902);
    int m = (int) e[2];
    int k = (int) e[3];
    int n = (int) right.all(902)[3];
    double[] y = new double[(int) (e[0] * e[1]) * m * n];
    for (int i = 0; i < y.length; i++) {
      int group = i / (m * n);
      for (int term = 0; term < k; term++) {
        y[i] += a[(group * m + i / n % m) * k + term] * b[(group * k + term) * n + i % n];
      }
    }
    write(thing(op.one(1522)), y, values, memory);
  }

  private void pointwise(Thing op, Map<Long, double[]> values, Map<Long, Long> memory) {
    Thing to = thing(op.one(753));
    double[] x = read(thing(op.one(751)), values, memory);
    int mode = (int) thing(op.one(750)).one(0);
    double[] b = mode == 13 ? x : read(thing(op.one(752)), values, memory);
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      double other = b[(int) ((long) i * b.length / y.length)];
      y[i] =
          switch (mode) {
            case 1 -> x[i] * other;
            case 6 -> x[i] / other;
            case 9 -> x[i] - other;
            case 13 -> Math.exp(x[i]);
            default -> throw new IllegalArgumentException("mode " + mode);
          };
    }
    write(to, y, values, memory);
  }

  private void reduction(Thing op, Map<Long, double[]> values, Map<Long, Long> memory) {
    Thing to = thing(op.one(1611));
    double[] x = read(thing(op.one(1610)), values, memory);
    boolean add = thing(op.one(1612)).one(1600) == 0;
    double[] y = new double[(int) count(to.all(902))];
    int row = x.length / y.length;
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i * row];
      for (int j = 1; j < row; j++) {
        y[i] = add ? y[i] + x[i * row + j] : Math.max(y[i], x[i * row + j]);
      }
    }
    write(to, y, values, memory);
  }

  private static long count(long[] extents) {
    long count = 1;
    for (long extent : extents) {
      count *= extent;
    }
    return count;
  }

  /** Elements in the order of the extents. */
  private static double[] read(Thing tensor, Map<Long, double[]> values, Map<Long, Long> memory) {
    double[] known = values.get(tensor.one(906));
    if (known != null) {
      return known;
    }
    double[] elements = new double[(int) count(tensor.all(902))];
    MemorySegment from = NativeStubs.at(Objects.requireNonNull(memory.get(tensor.one(906))));
    for (int i = 0; i < elements.length; i++) {
      long at = at(tensor, i);
      elements[i] = Bits.get(tensor.one(901) == 9, from, at);
    }
    return elements;
  }

  private static void write(
      Thing tensor, double[] elements, Map<Long, double[]> values, Map<Long, Long> memory) {
    if (tensor.attributes().containsKey(907)) {
      values.put(tensor.one(906), elements);
      return;
    }
    MemorySegment to = NativeStubs.at(Objects.requireNonNull(memory.get(tensor.one(906))));
    for (int i = 0; i < elements.length; i++) {
      Bits.putBf16(to, at(tensor, i), elements[i]);
    }
  }

  private static long at(Thing tensor, int element) {
    long at = 0;
    int rest = element;
    for (int axis = tensor.all(902).length - 1; axis >= 0; axis--) {
      int extent = (int) tensor.all(902)[axis];
      at += rest % extent * tensor.all(903)[axis];
      rest /= extent;
    }
    return at;
  }
}
