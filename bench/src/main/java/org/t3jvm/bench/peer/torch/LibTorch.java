package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.peer.NativeBundle;
import org.t3jvm.bench.peer.NativeFunction;
import org.t3jvm.bench.peer.NativeLibrary;
import org.t3jvm.tensor.backend.BackendException;

/**
 * The loaded library: its C functions ({@code aoti_torch_*}, which report errors) and the C++
 * functions of {@link AtFunction} (whose exceptions would end the process: their operands must be
 * right, as a traced graph's are).
 */
final class LibTorch {
  static final NativeBundle BUNDLE =
      new NativeBundle(
          "libtorch-2.7.1",
          "pytorch/cpu/linux-x86_64",
          List.of("libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so"));

  private final NativeLibrary cpu;
  private final NativeFunction setThreads;
  private final NativeFunction setGradMode;
  private final NativeFunction newTensor;
  private final Map<String, NativeFunction> linked = new ConcurrentHashMap<>();

  private LibTorch() {
    ProcessMemory.keepFreedPages();
    // Threads wait awake for the next op, but well under a millisecond after a run: by default they
    // would take a processor from whoever runs next.
    NativeLibrary.setEnvironment("GOMP_SPINCOUNT", "20000");
    List<Path> files = BUNDLE.unpack();
    NativeLibrary c10 = NativeLibrary.load(files.get(1));
    cpu = NativeLibrary.load(files.get(2));
    setThreads = cpu.function("_ZN2at15set_num_threadsEi", FunctionDescriptor.ofVoid(JAVA_INT));
    setGradMode =
        c10.function("_ZN3c108GradMode11set_enabledEb", FunctionDescriptor.ofVoid(JAVA_BOOLEAN));
    newTensor =
        cpu.function(
            "aoti_torch_new_uninitialized_tensor", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }

  private static final class Holder {
    static final LibTorch INSTANCE = new LibTorch();
  }

  /**
   * The library, loaded at the first call.
   *
   * @throws BackendException if it cannot be loaded
   */
  static LibTorch get() {
    try {
      return Holder.INSTANCE;
    } catch (ExceptionInInitializerError e) {
      throw new BackendException("libtorch cannot be loaded: " + e.getCause(), e);
    }
  }

  /** Settings of libtorch that belong to a thread: OpenMP threads, and no gradients. */
  void enter(int threads) {
    setThreads.call(threads);
    setGradMode.call(false);
  }

  /**
   * Calls a C function whose last parameter takes the result, a new tensor.
   *
   * @throws BackendException if it fails
   */
  TorchTensor newTensor(String function, Object... arguments) {
    return newTensors(function, 1, arguments).getFirst();
  }

  /**
   * Calls a C function whose last parameters take the results, new tensors.
   *
   * @throws BackendException if it fails
   */
  List<TorchTensor> newTensors(String function, int count, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> results =
          Stream.generate(() -> arena.allocate(ADDRESS)).limit(count).toList();
      call(function, Stream.concat(Stream.of(arguments), results.stream()).toArray());
      return results.stream().map(result -> new TorchTensor(this, result.get(ADDRESS, 0))).toList();
    }
  }

  /**
   * Calls a C function.
   *
   * @throws BackendException if it fails
   */
  void call(String function, Object... arguments) {
    NativeFunction shim = linked.computeIfAbsent(function, name -> shim(name, arguments));
    check(shim.call(arguments), function);
  }

  /**
   * Numbers are {@code int32_t}, {@code int64_t} or {@code double}, as their Java types; all else
   * is a pointer.
   */
  private NativeFunction shim(String name, Object... arguments) {
    MemoryLayout[] layouts =
        Stream.of(arguments).map(LibTorch::layout).toArray(MemoryLayout[]::new);
    return cpu.function(name, FunctionDescriptor.of(JAVA_INT, layouts));
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer number -> JAVA_INT;
      case Long number -> JAVA_LONG;
      case Double number -> JAVA_DOUBLE;
      default -> ADDRESS;
    };
  }

  private static void check(@Nullable Object status, String function) {
    if (!Integer.valueOf(0).equals(status)) {
      throw new BackendException(
          "libtorch: %s failed; its message is on standard error".formatted(function));
    }
  }

  /** Calls a C++ function for a new tensor. */
  TorchTensor call(AtFunction function, @Nullable Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(ADDRESS);
      check(newTensor.call(result), newTensor.symbol());
      MemorySegment tensor = result.get(ADDRESS, 0);
      Object[] passed = pass(function, arena, 1, arguments);
      passed[0] = tensor;
      linked
          .computeIfAbsent(function.symbol(), symbol -> function(symbol, function, true))
          .call(passed);
      return new TorchTensor(this, tensor);
    }
  }

  /** Calls a C++ function that writes into a tensor of the result's shape. */
  void callInto(TorchTensor result, AtFunction function, @Nullable Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      Object[] passed = pass(function, arena, 0, arguments);
      passed[arguments.length] = result.handle();
      linked
          .computeIfAbsent(function.symbolInto(), symbol -> function(symbol, function, false))
          .call(passed);
    }
  }

  /** The address of the result comes first if it is new, and last if it is given. */
  private NativeFunction function(String symbol, AtFunction function, boolean isNew) {
    Stream<MemoryLayout> arguments = function.parameters().stream().map(ArgumentKind::layout);
    Stream<MemoryLayout> result = Stream.of(ADDRESS);
    Stream<MemoryLayout> all =
        isNew ? Stream.concat(result, arguments) : Stream.concat(arguments, result);
    return cpu.function(symbol, FunctionDescriptor.ofVoid(all.toArray(MemoryLayout[]::new)));
  }

  /** The arguments from {@code first} on, with room for one more. */
  private static Object[] pass(
      AtFunction function, Arena arena, int first, @Nullable Object... arguments) {
    if (arguments.length != function.parameters().size()) {
      throw new IllegalArgumentException(
          "libtorch: %s takes %d arguments, not %d"
              .formatted(function, function.parameters().size(), arguments.length));
    }
    Object[] passed = new Object[arguments.length + 1];
    for (int i = 0; i < arguments.length; i++) {
      passed[first + i] = function.parameters().get(i).pass(arguments[i], arena);
    }
    return passed;
  }
}
