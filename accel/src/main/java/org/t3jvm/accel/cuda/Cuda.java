package org.t3jvm.accel.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.t3jvm.accel.nvidia.NativeFunctions.HANDLE;
import static org.t3jvm.accel.nvidia.NativeFunctions.HOST;
import static org.t3jvm.accel.nvidia.NativeFunctions.INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.Optional;
import org.t3jvm.accel.foreign.SystemLibrary;
import org.t3jvm.accel.nvidia.LibraryException;
import org.t3jvm.accel.nvidia.LibraryStatus;
import org.t3jvm.accel.nvidia.NativeFunctions;

/**
 * Functions of CUDA's driver that finding devices and loading kernels takes. What a launch takes is
 * in {@link CudaQueue}. Handles are numbers.
 */
final class Cuda {
  /** Room for a device's name, and for what the compiler of PTX says. */
  private static final int TEXT_BYTES = 1024;

  private static final int ERROR_LOG = 5;
  private static final int ERROR_LOG_BYTES = 6;
  private static final int LOG_OPTIONS = 2;

  private final NativeFunctions driver;
  private final NativeFunctions.Function start;
  private final NativeFunctions.Function version;
  private final NativeFunctions.Function count;
  private final NativeFunctions.Function name;
  private final NativeFunctions.Function memory;
  private final NativeFunctions.Function attribute;
  private final NativeFunctions.Function context;
  private final NativeFunctions.Function current;
  private final NativeFunctions.Function load;
  private final NativeFunctions.Function function;
  private final NativeFunctions.Function functionAttribute;

  /**
   * @param library where the functions are
   */
  Cuda(SymbolLookup library) {
    this.driver = new NativeFunctions(library, LibraryStatus.CUDA);
    this.start = driver.function("cuInit", INT);
    this.version = driver.function("cuDriverGetVersion", HOST);
    this.count = driver.function("cuDeviceGetCount", HOST);
    this.name = driver.function("cuDeviceGetName", HOST, INT, INT);
    this.memory = driver.function("cuDeviceTotalMem_v2", HOST, INT);
    this.attribute = driver.function("cuDeviceGetAttribute", HOST, INT, INT);
    this.context = driver.function("cuDevicePrimaryCtxRetain", HOST, INT);
    this.current = driver.function("cuCtxSetCurrent", HANDLE);
    this.load = driver.function("cuModuleLoadDataEx", HOST, HOST, INT, HOST, HOST);
    this.function = driver.function("cuModuleGetFunction", HOST, HANDLE, HOST);
    this.functionAttribute = driver.function("cuFuncGetAttribute", HOST, INT, HANDLE);
    start.call("this process", 0);
  }

  /** Loads the library for the rest of the process, if this machine has it. */
  static Optional<Cuda> load() {
    return SystemLibrary.CUDA.find(Arena.global()).map(Cuda::new);
  }

  /** One more function of the library, which returns a status. */
  NativeFunctions.Function function(String function, MemoryLayout... parameters) {
    return driver.function(function, parameters);
  }

  @FunctionalInterface
  interface Question {
    void ask(MemorySegment answer);
  }

  static int number(Question question) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_INT);
      question.ask(answer);
      return answer.get(JAVA_INT, 0);
    }
  }

  static long handle(Question question) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_LONG);
      question.ask(answer);
      return answer.get(JAVA_LONG, 0);
    }
  }

  /** The newest version of CUDA that the driver knows, as 1000 major + 10 minor. */
  int version() {
    return number(answer -> version.call("the driver", answer));
  }

  /** How many devices there are; they are numbered from 0. */
  int devices() {
    return number(answer -> count.call("all devices", answer));
  }

  String name(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(TEXT_BYTES);
      name.call("device " + device, text, TEXT_BYTES, device);
      return text.getString(0);
    }
  }

  /** Bytes of a device's memory. */
  long memory(int device) {
    return handle(answer -> memory.call("device " + device, answer, device));
  }

  /** A number about a device. */
  int attribute(int device, int key) {
    return number(answer -> attribute.call("device " + device, answer, key, device));
  }

  /** What memory and kernels of one device are made in, for the rest of the process. */
  long context(int device) {
    return handle(answer -> context.call("device " + device, answer, device));
  }

  /** Makes a context the one of this thread. */
  void use(long handle) {
    current.call("the context of the device", handle);
  }

  /**
   * A function of some PTX, compiled for the device of the current context.
   *
   * @throws LibraryException with the first words of the compiler's log
   */
  long function(String ptx, String entry) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment log = arena.allocate(TEXT_BYTES);
      MemorySegment keys = arena.allocateFrom(JAVA_INT, ERROR_LOG, ERROR_LOG_BYTES);
      MemorySegment values = arena.allocateFrom(JAVA_LONG, log.address(), log.byteSize());
      MemorySegment text = arena.allocateFrom(ptx);
      long module;
      try {
        module = handle(answer -> load.call(entry, answer, text, LOG_OPTIONS, keys, values));
      } catch (LibraryException e) {
        String said = log.getString(0).strip().replaceAll("\\s+", " ");
        throw said.isEmpty() ? e : new LibraryException(e.getMessage() + ": " + said, e);
      }
      MemorySegment name = arena.allocateFrom(entry);
      return handle(answer -> function.call(entry, answer, module, name));
    }
  }

  /** A number about a function. */
  int functionAttribute(long handle, int key) {
    return number(answer -> functionAttribute.call("a kernel", answer, key, handle));
  }
}
