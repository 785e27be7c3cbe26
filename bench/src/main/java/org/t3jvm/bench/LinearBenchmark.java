package org.t3jvm.bench;

import java.util.concurrent.TimeUnit;
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

/**
 * {@link org.t3jvm.tensor.graph.Op.Linear} at the shapes of the 1.3B and 5B DiT and of UMT5-XXL.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class LinearBenchmark {
  /** Rows, inner size and columns. */
  @Param({"2040x1536x1536", "2040x1536x8960", "2040x8960x1536", "2040x3072x14336", "32x4096x10240"})
  public String shape = "";

  @Param({"BF16", "F32"})
  public DType weights = DType.BF16;

  @Param("cpu")
  public String backend = "";

  @Param({"1", "2"})
  public int threads;

  @SuppressWarnings("NullAway.Init")
  private CompiledOp op;

  private long flop;

  @Setup(Level.Trial)
  public void compile() {
    String[] sizes = shape.split("x", -1);
    long rows = Long.parseLong(sizes[0]);
    long inner = Long.parseLong(sizes[1]);
    long columns = Long.parseLong(sizes[2]);
    flop = 2 * rows * inner * columns;
    op =
        new CompiledOp(
            backend,
            threads,
            g ->
                g.linear(
                    CompiledOp.input(g, "x", rows, inner),
                    CompiledOp.parameter(g, "weight", weights, columns, inner),
                    CompiledOp.parameter(g, "bias", DType.F32, columns)));
  }

  @Benchmark
  public Tensor linear(Flops flops) {
    flops.flop += flop;
    return op.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    op.close();
  }
}
