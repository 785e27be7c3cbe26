package org.t3jvm.bench.jmh;

import java.io.IOException;
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
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.run.OpenCase;

/** One case of the registry on one of our backends; chosen by {@link JmhMain}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseParallelGC"
    })
public class CaseBenchmark {
  /** As {@link BenchCase#id}; {@link JmhMain} fills in what is requested. */
  @Param("gemm/512x1536x1536-f32")
  public String id = "";

  @Param("cpu")
  public String backend = "";

  @Param({"1", "2"})
  public int threads;

  @SuppressWarnings("NullAway.Init")
  private BenchCase benchCase;

  @SuppressWarnings("NullAway.Init")
  private OpenCase open;

  @Setup(Level.Trial)
  public void prepare() throws IOException {
    benchCase = JmhMain.named(id);
    open = OpenCase.of(benchCase, backend, threads);
  }

  /** One repetition. */
  @Benchmark
  public void repetition(Work work) throws IOException {
    work.work += benchCase.work();
    open.run();
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    open.close();
  }
}
