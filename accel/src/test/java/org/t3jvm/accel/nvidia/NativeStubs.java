package org.t3jvm.accel.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A native library whose functions are Java: what calls it goes through the Linker both ways. */
public final class NativeStubs implements SymbolLookup {
  /** What a function does; a long where it returns one. */
  @FunctionalInterface
  public interface Body {
    long call(Object... arguments);
  }

  /** What failed in a function: exceptions must not leave it. */
  public RuntimeException failure = new IllegalStateException("nothing failed");

  private static final int INTERNAL_ERROR = 14;

  private final Map<String, MemorySegment> symbols = new HashMap<>();
  private final Arena arena = Arena.ofAuto();

  /**
   * Adds a function.
   *
   * @param signature the result and the parameters: V none, I int, J long, P address
   */
  @SuppressWarnings("restricted")
  public NativeStubs with(String name, String signature, Body body) {
    MemoryLayout[] parameters = new MemoryLayout[signature.length() - 1];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = layout(signature.charAt(i + 1));
    }
    FunctionDescriptor descriptor =
        signature.charAt(0) == 'V'
            ? FunctionDescriptor.ofVoid(parameters)
            : FunctionDescriptor.of(layout(signature.charAt(0)), parameters);
    Body guarded =
        arguments -> {
          try {
            return body.call(arguments);
          } catch (RuntimeException e) {
            failure = e;
            return INTERNAL_ERROR;
          }
        };
    MethodType type = descriptor.toMethodType();
    MethodHandle handle =
        MethodHandles.explicitCastArguments(
            CALL.bindTo(guarded).asCollector(Object[].class, parameters.length),
            MethodType.genericMethodType(parameters.length).changeReturnType(type.returnType()));
    symbols.put(name, Linker.nativeLinker().upcallStub(handle.asType(type), descriptor, arena));
    return this;
  }

  private static final MethodHandle CALL;

  static {
    try {
      CALL =
          MethodHandles.lookup()
              .findVirtual(Body.class, "call", MethodType.methodType(long.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MemoryLayout layout(char type) {
    return switch (type) {
      case 'I' -> ValueLayout.JAVA_INT;
      case 'J' -> ValueLayout.JAVA_LONG;
      case 'P' -> ValueLayout.ADDRESS;
      default -> throw new IllegalArgumentException("type " + type);
    };
  }

  @Override
  public Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(symbols.get(name));
  }

  /** Host memory that a function was given the address of. */
  @SuppressWarnings("restricted")
  public static MemorySegment at(Object address) {
    return address instanceof MemorySegment segment
        ? segment.reinterpret(Long.MAX_VALUE)
        : MemorySegment.ofAddress((long) address).reinterpret(Long.MAX_VALUE);
  }
}
