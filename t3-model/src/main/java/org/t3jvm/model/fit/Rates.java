package org.t3jvm.model.fit;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * What this machine reaches, in floating-point operations a second, at shapes like those of the
 * released models.
 *
 * @param source where the numbers come from
 */
public record Rates(double products, double attention, double convolutions, Source source) {
  /** Where rates come from. */
  public sealed interface Source {}

  /**
   * From running kernels.
   *
   * @param at when that was
   * @param steady whether all three stopped rising before the measurement ended, which on a machine
   *     that is busy with something else they may not
   */
  public record Measured(Instant at, boolean steady) implements Source {}

  /**
   * From the backend's peak, now.
   *
   * @param rate floating-point operations a second
   */
  public record Peak(double rate) implements Source {}

  /** Shares of the peak that {@link #measure} finds on an idle Zen 5, with one and two threads. */
  private static final double PRODUCTS = 0.65;

  private static final double ATTENTION = 0.7;
  private static final double CONVOLUTIONS = 0.7;

  private static final long LEAST_NANOS = 800_000_000;
  private static final long MOST_NANOS = 15_000_000_000L;

  /** Runs without a faster one after which code counts as compiled, on a busy machine too. */
  private static final int STEADY_RUNS = 12;

  /** Shares of the time by which a run must be shorter to count as faster. */
  private static final double FASTER = 0.05;

  private static final long SEED = 1;

  private static final long BLOCK = 4096;

  private record Rate(double value, boolean steady) {}

  /** From the backend's peak where it has one, else measured. */
  public static Rates of(Backend backend) {
    return of(backend, () -> measure(backend));
  }

  /** From the backend's peak where it has one, else by {@code measurement}. */
  static Rates of(Backend backend, Supplier<Rates> measurement) {
    OptionalDouble peak = backend.peak();
    return peak.isPresent() ? ofPeak(peak.getAsDouble()) : measurement.get();
  }

  /** Measures, which takes seconds: nearly all of it is the JVM's compiler at work. */
  static Rates measure(Backend backend) {
    Rate products = rate(backend, productGraph());
    Rate attention = rate(backend, attentionGraph());
    Rate convolutions = rate(backend, convolutionGraph());
    return new Rates(
        products.value,
        attention.value,
        convolutions.value,
        new Measured(Instant.now(), products.steady && attention.steady && convolutions.steady));
  }

  /** Derives what kernels reach from what none of them exceeds. */
  static Rates ofPeak(double peak) {
    return new Rates(PRODUCTS * peak, ATTENTION * peak, CONVOLUTIONS * peak, new Peak(peak));
  }

  /** Whether a machine can have them. */
  boolean possible() {
    return DoubleStream.of(products, attention, convolutions)
        .allMatch(rate -> rate > 0 && Double.isFinite(rate));
  }

  /** Seconds that work takes at these rates. */
  public double seconds(Work work) {
    return work.products() / products
        + work.attention() / attention
        + work.convolutions() / convolutions;
  }

  /** The same, to the nanosecond. */
  public Duration time(Work work) {
    return Duration.ofNanos(Math.round(1e9 * seconds(work)));
  }

  private static Graph productGraph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(510, 1536));
    g.output("y", g.linear(x, g.parameter("w", DType.F32, Shape.of(1536, 1536)), null));
    return g.graph();
  }

  private static Graph attentionGraph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1020, 256));
    g.output("y", g.attention(x, x, x, 2, 0.088f, new AttentionPattern.Full(), null));
    return g.graph();
  }

  private static Graph convolutionGraph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3, 48, 64, 96));
    Value weight = g.parameter("w", DType.F32, Shape.of(96, 96, 3, 3, 3));
    g.output("y", g.conv3d(x, weight, null, ConvGeometry.sameInSpace(3, 3)));
    return g.graph();
  }

  /** A block of random numbers, over and over: drawing all of them takes as long as measuring. */
  private static Tensor values(Shape shape) {
    MemorySegment block = new TorchRandom(SEED).randn(Shape.of(BLOCK)).segment();
    Tensor tensor = Tensor.allocate(DType.F32, shape);
    MemorySegment all = tensor.segment();
    for (long at = 0; at < all.byteSize(); at += block.byteSize()) {
      long bytes = Math.min(block.byteSize(), all.byteSize() - at);
      MemorySegment.copy(block, 0, all, at, bytes);
    }
    return tensor;
  }

  /** The rate of the fastest run: what disturbs a machine only ever slows it down. */
  private static Rate rate(Backend backend, Graph graph) {
    Map<String, Tensor> parameters = new HashMap<>();
    graph.parameters().forEach((name, value) -> parameters.put(name, values(value.shape())));
    Map<String, Tensor> inputs = new HashMap<>();
    graph.inputs().forEach((name, value) -> inputs.put(name, values(value.shape())));
    Map<String, Tensor> outputs = new HashMap<>();
    graph
        .outputs()
        .forEach((name, value) -> outputs.put(name, Tensor.allocate(DType.F32, value.shape())));
    try (Program program = backend.compile(graph, Parameters.of(parameters))) {
      long best = Long.MAX_VALUE;
      int steady = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < LEAST_NANOS || (steady < STEADY_RUNS && now - start < MOST_NANOS)) {
        long before = now;
        program.run(inputs, outputs, RegionListener.NONE);
        now = System.nanoTime();
        long time = now - before;
        steady = time < (1 - FASTER) * best ? 0 : steady + 1;
        best = Math.min(best, time);
      }
      return new Rate(Work.of(graph).total() / best * 1e9, steady >= STEADY_RUNS);
    }
  }
}
