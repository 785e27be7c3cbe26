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
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * {@link org.t3jvm.tensor.graph.Op.Attention} over one head of 128 columns: full, and one window of
 * each kind that the 1.3B model has at 4K (kind 0 scaled down to 8,160 keys).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class AttentionBenchmark {
  private static final int HEAD_DIM = 128;

  /** Token grid, then windows along each axis; one head. */
  @Param({"1x24x56/1,1,1", "1x68x120/1,1,1", "21x16x16/1,2,2", "21x34x12/1,2,2", "7x16x60/1,2,2"})
  public String windows = "";

  @Param("cpu")
  public String backend = "";

  @Param({"1", "2"})
  public int threads;

  @SuppressWarnings("NullAway.Init")
  private CompiledOp op;

  private long flop;

  @Setup(Level.Trial)
  public void compile() {
    String[] parts = windows.split("/", -1);
    int[] extents = Stream.of(parts[0].split("x", -1)).mapToInt(Integer::parseInt).toArray();
    int[] counts = Stream.of(parts[1].split(",", -1)).mapToInt(Integer::parseInt).toArray();
    TokenGrid grid = new TokenGrid(extents[0], extents[1], extents[2]);
    AttentionPattern.Windows pattern =
        new AttentionPattern.Windows(
                grid,
                new WindowCounts(counts[0], counts[1], counts[2]),
                AttentionPattern.Grouping.BOTH)
            .simplified();
    int passes = pattern.grouping() == AttentionPattern.Grouping.BOTH ? 2 : 1;
    flop = 4L * passes * grid.tokens() * pattern.groupSize() * HEAD_DIM;
    op =
        new CompiledOp(
            backend,
            threads,
            g ->
                g.attention(
                    CompiledOp.input(g, "q", grid.tokens(), HEAD_DIM),
                    CompiledOp.input(g, "k", grid.tokens(), HEAD_DIM),
                    CompiledOp.input(g, "v", grid.tokens(), HEAD_DIM),
                    1,
                    (float) (1 / Math.sqrt(HEAD_DIM)),
                    pattern,
                    null));
  }

  @Benchmark
  public Tensor attention(Flops flops) {
    flops.flop += flop;
    return op.run();
  }

  @TearDown(Level.Trial)
  public void close() {
    op.close();
  }
}
