package org.t3jvm.bench;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.ConvGeometry;

/** {@link org.t3jvm.tensor.graph.Op.Conv3d} at the shapes of the Wan2.1 VAE's decoder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class Conv3dBenchmark {
  /** Frames (with the two kept ones), rows, columns, channels in and out. */
  @Param({"3x68x120x384x384", "3x136x240x192x192", "3x272x480x96x96", "3x272x480x96x3"})
  public String shape = "";

  @Param("cpu")
  public String backend = "";

  @Param({"1", "2"})
  public int threads;

  @SuppressWarnings("NullAway.Init")
  private CompiledOp op;

  private long flop;

  @Setup(Level.Trial)
  public void compile() {
    long[] s = Stream.of(shape.split("x", -1)).mapToLong(Long::parseLong).toArray();
    flop = 2 * (s[0] - 2) * s[1] * s[2] * 27 * s[3] * s[4];
    op =
        new CompiledOp(
            backend,
            threads,
            g ->
                g.conv3d(
                    CompiledOp.input(g, "x", s[0], s[1], s[2], s[3]),
                    CompiledOp.parameter(g, "weight", DType.F32, s[4], s[3], 3, 3, 3),
                    CompiledOp.parameter(g, "bias", DType.F32, s[4]),
                    ConvGeometry.sameInSpace(3, 3)));
  }

  @Benchmark
  public Tensor conv3d(Flops flops) {
    flops.flop += flop;
    return op.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    op.close();
  }
}
