package org.t3jvm.tensor.cpu.attention;

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
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** One attention with its operands, run task by task as a worker would. */
final class AttentionCase {
  final int queries;
  final int keys;
  final int heads;
  final int dim;
  final float scale;
  final AttentionPattern pattern;
  final float[] q;
  final float[] k;
  final float[] v;
  final float @Nullable [] bias;
  final @Nullable Shape biasShape;
  private final Random random;

  AttentionCase(
      int queries, int keys, int heads, int dim, AttentionPattern pattern, long seed, float size) {
    this(queries, keys, heads, dim, pattern, seed, size, null);
  }

  /** Operands from a normal distribution; q is multiplied by {@code size}. */
  AttentionCase(
      int queries,
      int keys,
      int heads,
      int dim,
      AttentionPattern pattern,
      long seed,
      float size,
      @Nullable Shape biasShape) {
    this.queries = queries;
    this.keys = keys;
    this.heads = heads;
    this.dim = dim;
    this.scale = (float) (1 / Math.sqrt(dim));
    this.pattern = pattern;
    this.random = new Random(seed);
    this.q = normal(queries * heads * dim, size);
    this.k = normal(keys * heads * dim, 1);
    this.v = normal(keys * heads * dim, 1);
    this.biasShape = biasShape;
    this.bias = biasShape == null ? null : normal(Math.toIntExact(biasShape.elements()), 2);
  }

  private float[] normal(int count, float size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = size * (float) random.nextGaussian();
    }
    return values;
  }

  /** Result of running the tasks from the first to the last. */
  float[] run() {
    return run(order -> {});
  }

  /** Result of running the tasks of each phase in an order that the caller rearranges. */
  float[] run(Consumer<List<Integer>> rearrange) {
    try (Arena arena = Arena.ofConfined()) {
      Run run = new Run(arena);
      for (CpuKernel kernel : run.lowered.kernels()) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, kernel.tasks()).boxed().toList());
        rearrange.accept(order);
        Scratch scratch = poisoned(kernel);
        order.forEach(task -> kernel.run(task, run, scratch));
      }
      return run.result();
    }
  }

  /** Result of several threads that each take every nth task. */
  float[] runOn(int threads) throws InterruptedException {
    try (Arena arena = Arena.ofShared()) {
      Run run = new Run(arena);
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      for (CpuKernel kernel : run.lowered.kernels()) {
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          int first = i;
          started.add(
              Thread.ofPlatform()
                  .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                  .start(
                      () -> {
                        Scratch scratch = poisoned(kernel);
                        for (int t = first; t < kernel.tasks(); t += threads) {
                          kernel.run(t, run, scratch);
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
      return run.result();
    }
  }

  /** Passes of the lowered op over its groups; each gathers keys first. */
  int passes() {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          new Run(arena)
              .lowered.kernels().stream().filter(AttentionKernel.class::isInstance).count();
    }
  }

  /** Scratch of exactly the size asked for; whoever reads what was not written gets NaN. */
  private static Scratch poisoned(CpuKernel kernel) {
    float[] scratch = new float[kernel.scratchFloats()];
    Arrays.fill(scratch, Float.NaN);
    return new Scratch(scratch, MemorySegment.NULL);
  }

  @Override
  public String toString() {
    return "attention of %d queries to %d keys, %d heads of %d, %s, bias %s"
        .formatted(queries, keys, heads, dim, pattern, biasShape);
  }

  /** Operands in memory of exactly their sizes, and a result that starts as NaN. */
  private final class Run implements Frame {
    final LoweredOp lowered;
    private final Map<Value, MemorySegment> segments = new HashMap<>();
    private final Value out;
    private final MemorySegment temporary;

    Run(Arena arena) {
      Tracer g = new Tracer();
      Value q = g.input("q", DType.F32, Shape.of(queries, (long) heads * dim));
      Value k = g.input("k", DType.F32, Shape.of(keys, (long) heads * dim));
      Value v = g.input("v", DType.F32, Shape.of(keys, (long) heads * dim));
      Value b = biasShape == null ? null : g.input("bias", DType.F32, biasShape);
      out = g.attention(q, k, v, heads, scale, pattern, b);
      segments.put(q, arena.allocateFrom(ValueLayout.JAVA_FLOAT, AttentionCase.this.q));
      segments.put(k, arena.allocateFrom(ValueLayout.JAVA_FLOAT, AttentionCase.this.k));
      segments.put(v, arena.allocateFrom(ValueLayout.JAVA_FLOAT, AttentionCase.this.v));
      if (b != null) {
        float[] values = Objects.requireNonNull(bias);
        segments.put(b, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
      }
      float[] unwritten = new float[queries * heads * dim];
      Arrays.fill(unwritten, Float.NaN);
      segments.put(out, arena.allocateFrom(ValueLayout.JAVA_FLOAT, unwritten));
      lowered = AttentionLowering.attention((Op.Attention) out.op(), out);
      temporary = arena.allocate(lowered.temporaryBytes(), 64);
      for (long at = 0; at < lowered.temporaryBytes(); at += Float.BYTES) {
        temporary.set(ValueLayout.JAVA_FLOAT, at, Float.NaN);
      }
    }

    @Override
    public MemorySegment segment(Value value) {
      return Objects.requireNonNull(segments.get(value), value::toString);
    }

    @Override
    public MemorySegment temporary() {
      return temporary;
    }

    float[] result() {
      return segment(out).toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}
