package org.t3jvm.bench.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.Metric;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.cli.Main;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import tools.jackson.databind.json.JsonMapper;

/** The command over a registry of two tiny cases, beside the reference backend as a peer. */
class BenchCommandTest {
  @TempDir Path dir;

  private record Result(int status, String out, String err) {
    String line() {
      assertThat(err.strip().lines()).as("one line of error, got: %s", err).hasSize(1);
      return err.strip();
    }
  }

  private static GraphCase tiny(Suite suite, String name, boolean gelu) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4, 8));
    Value y = g.linear(x, g.parameter("weight", DType.F32, Shape.of(16, 8)), null);
    g.output("y", gelu ? g.geluTanh(y) : y);
    return new GraphCase(suite, name, "4 x 8", Metric.GFLOP_PER_SECOND, false, g.graph(), Map.of());
  }

  private static final List<BenchCase> CASES =
      List.of(tiny(Suite.GEMM, "tiny", false), tiny(Suite.VAE, "tiny-gelu", true));

  /** The reference backend under a peer's name. */
  private record Peer(String name, boolean usable, boolean wrong) implements PeerProvider {
    @Override
    public Availability availability() {
      return usable
          ? new Availability.Usable("plain loops")
          : new Availability.Unavailable("its natives were not built in");
    }

    @Override
    public Backend open(int threads) {
      Backend reference = Backends.named("reference").open(new BackendOptions(threads));
      return new Backend() {
        @Override
        public String name() {
          return name;
        }

        @Override
        public Program compile(Graph graph, Parameters parameters) {
          if (graph.values().stream().anyMatch(value -> value.op() instanceof Op.Unary)) {
            throw new BackendException("openblas has no gelu_tanh");
          }
          return reference.compile(
              graph,
              parameterName ->
                  wrong
                      ? Tensor.allocate(DType.F32, Shape.of(16, 8))
                      : parameters.tensor(parameterName));
        }

        @Override
        public void close() {
          reference.close();
        }
      };
    }
  }

  private static Result bench(List<PeerProvider> peers, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    BenchCommand command =
        new BenchCommand(
            (suites, quick) -> CASES.stream().filter(c -> suites.contains(c.suite())).toList(),
            peers);
    String[] line = new String[args.length + 1];
    line[0] = "bench";
    System.arraycopy(args, 0, line, 1, args.length);
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), List.of(() -> command), line);
    return new Result(status, out.toString(), err.toString());
  }

  private static Result bench(String... args) {
    return bench(List.of(), args);
  }

  private static Map<?, ?> entry(List<?> list, int index) {
    return (Map<?, ?>) list.get(index);
  }

  @Test
  @Tag("slow")
  void runsTheChosenSuiteAndWritesBothFiles() throws IOException {
    Path json = dir.resolve("out.json");
    Path html = dir.resolve("out.html");
    Result result =
        bench(
            "gemm",
            "--quick",
            "--threads",
            "1",
            "--json",
            json.toString(),
            "--html",
            html.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("gemm", "tiny", "GFLOP/s").doesNotContain("tiny-gelu");
    List<?> list = JsonMapper.shared().readValue(Files.readString(json), List.class);
    assertThat(list).hasSize(1);
    assertThat((Object) entry(list, 0).get("threads")).isEqualTo(1);
    assertThat(number(entry(list, 0), "value")).isPositive();
    assertThat(number(entry(list, 0), "percentOfPeak")).isPositive();
    assertThat(Files.readString(html)).contains("tiny", "</html>");
  }

  private static double number(Map<?, ?> entry, String field) {
    return (Double) requireNonNull(entry.get(field), field);
  }

  @Test
  @Tag("slow")
  void peersThatCannotRunACaseAreAbsentFromIt() throws IOException {
    Path json = dir.resolve("out.json");
    Result result =
        bench(
            List.of(new Peer("openblas", true, false), new Peer("libtorch-f32", false, false)),
            "--peers",
            "--quick",
            "--threads",
            "1",
            "--json",
            json.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("openblas has no gelu_tanh", "without libtorch-f32: its natives");
    List<?> list = JsonMapper.shared().readValue(Files.readString(json), List.class);
    assertThat(ratios(entry(list, 0)).keySet().toString()).isEqualTo("[openblas]");
    assertThat(ratios(entry(list, 1)).keySet()).isEmpty();
  }

  @Test
  @Tag("slow")
  void anotherBackendRunsBesideTheCpu() throws IOException {
    Path json = dir.resolve("out.json");
    Result result = bench("--backend", "reference", "--quick", "--json", json.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("reference");
    List<?> list = JsonMapper.shared().readValue(Files.readString(json), List.class);
    assertThat(list).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(number(ratios(entry(list, i)), "reference")).isPositive();
    }
  }

  @Test
  @Tag("slow")
  void roundsAtThePrecisionAskedFor() {
    Result result = bench("gemm", "--precision", "bf16", "--quick", "--threads", "1");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("1 thread, bf16;", "tiny");
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl", "ptx", "cuda"})
  @Tag("slow")
  void devicesRunBesideTheCpuOrSayWhyTheyCannot(String name) {
    Availability availability = Backends.named(name).availability();
    Result result = bench("--backend", name, "--quick");
    if (availability instanceof Availability.Unavailable(String reason)) {
      assertThat(result.status()).isEqualTo(1);
      assertThat(result.line())
          .isEqualTo("t3: backend '%s' is unavailable: %s".formatted(name, reason));
    } else {
      assertThat(result.err()).isEmpty();
      assertThat(result.status()).isZero();
      assertThat(result.out()).contains(name, "kernels compiled");
    }
  }

  @Test
  void runtimesAreOfBackends() {
    assertThat(bench("--runtime", "driver").line())
        .contains("--runtime is for the backends that --backend names");
    Result refused = bench("--backend", "ptx", "--runtime", "driver");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.line()).contains("backend 'ptx'", "runtime tornado only, not by driver");
  }

  @Test
  void unknownBackends() {
    Result unknown = bench("--backend", "metal");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.line()).contains("backend 'metal' is unknown");
    Result cpu = bench("--backend", "cpu");
    assertThat(cpu.status()).isEqualTo(2);
    assertThat(cpu.line()).contains("--backend names what runs beside cpu");
    assertThat(bench("--backend", "reference", "--device", "-1").line()).contains("--device is -1");
  }

  private static Map<?, ?> ratios(Map<?, ?> entry) {
    return (Map<?, ?>) requireNonNull(entry.get("ratios"));
  }

  @Test
  @Tag("slow")
  void anotherResultThanOursFailsTheRun() {
    Result result = bench(List.of(new Peer("openblas", true, true)), "gemm", "--peers", "--quick");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.line()).contains("gemm/tiny", "'y'", "openblas", "differs");
  }

  @Test
  @Tag("slow")
  void aSingleCaseRuns() {
    Result result = bench("vae/tiny-gelu", "--quick", "--threads", "1");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("tiny-gelu").doesNotContain("gemm");
  }

  @Test
  void unknownSuite() {
    Result result = bench("gem");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.line()).contains("'gem'", "gemm, attention");
  }

  @Test
  void filesThatCannotBeWrittenAreFoundBeforeTheRun() {
    Result missing = bench("--json", dir.resolve("none/out.json").toString());
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.line()).contains("--json", "none/out.json", "folder does not exist");
    assertThat(missing.out()).isEmpty();
    Result folder = bench("--html", dir.toString());
    assertThat(folder.status()).isEqualTo(2);
    assertThat(folder.line()).contains("--html", "is a folder");
    assertThat(folder.out()).isEmpty();
  }

  @Test
  void peersWithoutNatives() {
    Result none = bench("--peers");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.line()).contains("--peers", "none was built in");
    Result unusable = bench(List.of(new Peer("openblas", false, false)), "--peers");
    assertThat(unusable.status()).isEqualTo(1);
    assertThat(unusable.line()).contains("openblas: its natives were not built in");
  }

  @Test
  void threadsMustBePositive() {
    Result result = bench("--threads", "0");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.line()).contains("--threads is 0");
  }
}
