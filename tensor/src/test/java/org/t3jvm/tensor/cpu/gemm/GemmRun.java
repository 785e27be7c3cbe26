package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.conv.ConvLowering;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * One op with random operands, run task by task as workers would. Operands lie one byte off every
 * alignment; the result, the scratch and the temporary memory have exactly the sizes asked for and
 * start as NaN, so that whoever reads what nobody wrote gives NaN.
 */
final class GemmRun {
  final Tracer g = new Tracer();
  private final Random random;
  private final Map<Value, Tensor> operands = new HashMap<>();

  GemmRun(long seed) {
    random = new Random(seed);
  }

  /** An operand from a normal distribution, rounded to its dtype. */
  Value operand(String name, DType dtype, long... dims) {
    Shape shape = Shape.of(dims);
    Value value = g.input(name, dtype, shape);
    long bytes = shape.elements() * dtype.byteSize();
    MemorySegment memory = Arena.ofAuto().allocate(bytes + 1, Tensor.ALIGNMENT).asSlice(1, bytes);
    Tensor tensor = Tensor.of(dtype, shape, memory);
    for (long i = 0; i < shape.elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    operands.put(value, tensor);
    return value;
  }

  /** The tensor of an operand, or of one that is upsampled. */
  Tensor tensor(Value value) {
    if (value.op() instanceof MovementOp.Upsample upsample) {
      return upsampled(tensor(upsample.x()), upsample.factor(), value.shape());
    }
    return Objects.requireNonNull(operands.get(value), value::toString);
  }

  private static Tensor upsampled(Tensor x, int factor, Shape shape) {
    Tensor y = Tensor.allocate(DType.F32, shape);
    long channels = shape.dim(3);
    for (long i = 0; i < shape.elements(); i++) {
      long w = i / channels % shape.dim(2) / factor;
      long row = i / channels / shape.dim(2) / factor;
      y.setDouble(i, x.getDouble((row * (shape.dim(2) / factor) + w) * channels + i % channels));
    }
    return y;
  }

  static LoweredOp lower(Value out) {
    return switch (out.op()) {
      case Op.Linear op -> GemmLowering.linear(op, out, Epilogue.NONE);
      case Op.MatMul op -> GemmLowering.matMul(op, false, out);
      case Op.Conv3d op when op.x().op() instanceof MovementOp.Upsample upsample ->
          ConvLowering.upsampledConv3d(upsample, op, out, Epilogue.NONE);
      case Op.Conv3d op -> ConvLowering.conv3d(op, out, Epilogue.NONE);
      default -> throw new IllegalArgumentException(out + " is no product");
    };
  }

  /** Result of running the tasks from the first to the last. */
  float[] run(Value out) {
    return run(out, order -> {});
  }

  /** Result of running the tasks of each phase in an order that the caller rearranges. */
  float[] run(Value out, Consumer<List<Integer>> rearrange) {
    LoweredOp lowered = lower(out);
    try (Arena arena = Arena.ofConfined()) {
      Memory memory = new Memory(arena, out, lowered);
      for (CpuKernel kernel : lowered.kernels()) {
        assertThat(kernel.tasks()).as("tasks of %s", kernel).isPositive();
        List<Integer> order = new ArrayList<>(IntStream.range(0, kernel.tasks()).boxed().toList());
        rearrange.accept(order);
        Scratch scratch = poisoned(kernel.scratchFloats());
        order.forEach(task -> kernel.run(task, memory, scratch));
      }
      return memory.result();
    }
  }

  /** Result of several threads that each take every nth task. */
  float[] runOn(Value out, int threads) throws InterruptedException {
    LoweredOp lowered = lower(out);
    try (Arena arena = Arena.ofShared()) {
      Memory memory = new Memory(arena, out, lowered);
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      for (CpuKernel kernel : lowered.kernels()) {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          int first = i;
          started.add(
              Thread.ofPlatform()
                  .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                  .start(
                      () -> {
                        Scratch scratch = poisoned(kernel.scratchFloats());
                        for (int t = first; t < kernel.tasks(); t += threads) {
                          kernel.run(t, memory, scratch);
                        }
                      }));
        }
        for (Thread thread : started) {
          thread.join();
        }
      }
      if (!failures.isEmpty()) {
        throw new AssertionError("a task failed", failures.getFirst());
      }
      return memory.result();
    }
  }

  private static Scratch poisoned(int count) {
    float[] values = new float[count];
    Arrays.fill(values, Float.NaN);
    return new Scratch(values, MemorySegment.NULL);
  }

  private final class Memory implements Frame {
    private final Value out;
    private final MemorySegment result;
    private final MemorySegment temporary;

    Memory(Arena arena, Value out, LoweredOp lowered) {
      this.out = out;
      this.result = nan(arena, out.shape().elements() * Float.BYTES);
      this.temporary = nan(arena, lowered.temporaryBytes());
    }

    private static MemorySegment nan(Arena arena, long bytes) {
      return arena.allocate(bytes, Tensor.ALIGNMENT).fill((byte) 0xFF);
    }

    @Override
    public MemorySegment segment(Value value) {
      return value.equals(out) ? result : tensor(value).segment();
    }

    @Override
    public MemorySegment temporary() {
      return temporary;
    }

    float[] result() {
      return result.toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}
