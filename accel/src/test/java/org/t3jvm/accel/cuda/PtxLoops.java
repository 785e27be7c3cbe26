package org.t3jvm.accel.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import org.t3jvm.accel.cuda.PtxKernel.Instruction;

/**
 * Loops over threads, of a class of its own for each kind of instruction: the JIT inlines what a
 * loop does for a thread only where it has seen one kind there.
 */
final class PtxLoops {
  private static final byte[] LOOP = bytes();

  private static final ClassValue<MethodHandle> COPIES =
      new ClassValue<>() {
        @Override
        protected MethodHandle computeValue(Class<?> kind) {
          try {
            MethodHandles.Lookup copy = MethodHandles.lookup().defineHiddenClass(LOOP, true);
            return copy.findConstructor(
                    copy.lookupClass(), MethodType.methodType(void.class, PtxLane.class))
                .asType(MethodType.methodType(Instruction.class, PtxLane.class));
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
      };

  private PtxLoops() {}

  private static byte[] bytes() {
    try (InputStream in = PtxLoop.class.getResourceAsStream("PtxLoop.class")) {
      return Objects.requireNonNull(in).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Instruction of(PtxLane lane) {
    try {
      return (Instruction) COPIES.get(lane.getClass()).invokeExact(lane);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
