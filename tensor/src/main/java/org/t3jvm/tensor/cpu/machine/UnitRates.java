package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * How fast the processor's unit for a {@link TileKind} is, by emitted loops of nothing but its
 * instruction, or F32 multiply-adds, over sums that stay in registers. They need no compiler, and
 * so take a millisecond.
 */
final class UnitRates {
  /** Sums that hide each other's latency. */
  private static final int SUMS = 24;

  private static final long ITERATIONS = 2000;
  private static final int SAMPLES = 15;
  private static final Register LEFT = Register.R10;

  private UnitRates() {}

  /** The rate of a kind's products as a multiple of the rate of F32 multiply-adds. */
  static double share(Pages pages, CallingConvention convention, TileKernel kernel) {
    Assembler a = new Assembler();
    emit(a, convention, (sums, x, y) -> kernel.emitProduct(a, sums, x, y));
    int f32 = a.position();
    emit(a, convention, a::vfmadd231ps);
    FunctionDescriptor descriptor = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);
    try (ExecutableMemory code = ExecutableMemory.of(a.code(), pages)) {
      MethodHandle products = code.function(0, descriptor);
      MethodHandle multiplyAdds = code.function(f32, descriptor);
      long kindNanos = Long.MAX_VALUE;
      long f32Nanos = Long.MAX_VALUE;
      for (int i = 0; i < SAMPLES; i++) {
        kindNanos = Math.min(kindNanos, nanos(products));
        f32Nanos = Math.min(f32Nanos, nanos(multiplyAdds));
      }
      return (double) kernel.numbersOfLane() * f32Nanos / kindNanos;
    }
  }

  private interface Instruction {
    void emit(int sums, int a, int b);
  }

  /** {@code void f(long iterations)}. */
  private static void emit(Assembler a, CallingConvention convention, Instruction instruction) {
    convention.enter(a, List.of(LEFT));
    for (int i = 0; i < 32; i++) {
      a.vpxord(i, i, i);
    }
    Assembler.Label next = new Assembler.Label();
    a.place(next);
    for (int i = 0; i < SUMS; i++) {
      instruction.emit(i, SUMS, SUMS + 1);
    }
    a.sub(LEFT, 1);
    a.jnz(next);
    convention.leave(a);
  }

  private static long nanos(MethodHandle loop) {
    long start = System.nanoTime();
    try {
      loop.invokeExact(ITERATIONS);
    } catch (Throwable e) {
      throw new IllegalStateException("measuring a unit failed: " + e, e);
    }
    return Math.max(1, System.nanoTime() - start);
  }
}
