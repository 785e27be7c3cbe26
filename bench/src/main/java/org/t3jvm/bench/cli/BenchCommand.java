package org.t3jvm.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.peer.DevicePeer;
import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.bench.report.HtmlReport;
import org.t3jvm.bench.report.JsonReport;
import org.t3jvm.bench.report.Machine;
import org.t3jvm.bench.report.TableReport;
import org.t3jvm.bench.run.BenchRun;
import org.t3jvm.bench.run.CaseResult;
import org.t3jvm.bench.run.Effort;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.DeviceRuntime;
import org.t3jvm.tensor.backend.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 bench}: how fast the engine is here, alone or beside native libraries. */
@Command(
    name = "bench",
    description =
        "Measures the engine at the released models' shapes: rate, share of the machine's peak,"
            + " and with --backend or --peers the ratio to devices or native libraries on the same"
            + " data.",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  /** Where the cases of some suites come from. */
  @FunctionalInterface
  interface Cases {
    /** The cases, without the large ones if {@code quick}. */
    List<BenchCase> of(Set<Suite> suites, boolean quick);
  }

  private final Cases cases;
  private final List<PeerProvider> providers;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      paramLabel = "SUITE",
      arity = "0..*",
      description =
          "gemm, attention, conv3d, elementwise, launch, dit-block, vae, text-encoder, tokenizer,"
              + " checkpoint, train, or a case of one, such as attention/full-8160 (default: all"
              + " suites).")
  private List<String> suites = new ArrayList<>();

  @Option(
      names = "--peers",
      description = "Run libtorch (f32, bf16) and OpenBLAS beside, in turns, and compare results.")
  private boolean withPeers;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description =
          "Run opencl, ptx or cuda beside, in turns, and compare results, see t3 devices; may be"
              + " given several times.")
  private List<String> backends = new ArrayList<>();

  @Option(
      names = "--device",
      paramLabel = "N",
      description = "Which device of those backends, from 0 (default: 0).")
  private int device;

  @Option(
      names = "--runtime",
      split = ",",
      paramLabel = "driver|tornado",
      description =
          "What starts the kernels of those backends; several, separated by commas, run beside each"
              + " other (default: driver, and for ptx tornado).")
  private List<DeviceRuntime> runtimes = new ArrayList<>();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description =
          "Leave a peer out of cases of which one repetition would take it longer, by the rates"
              + " that it has shown (default: ${DEFAULT-VALUE}).")
  private double patience = 60;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for everyone (default: as many as processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16|int8",
      description =
          "What the operands of the engine's large products and attention are rounded to (default:"
              + " f32).")
  private Precision precision = Precision.F32;

  @Option(names = "--quick", description = "Fewer repetitions, without the largest cases.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write the results as a page.")
  private @Nullable Path html;

  BenchCommand(Cases cases, List<PeerProvider> providers) {
    this.cases = cases;
    this.providers = List.copyOf(providers);
  }

  @Override
  public Integer call() throws IOException {
    List<BenchCase> chosen = chosenCases();
    if (threads < 1) {
      throw new UsageException("--threads is %d, it must be at least 1".formatted(threads));
    }
    if (!(patience > 0)) {
      throw new UsageException("--patience is %s, it must be above 0".formatted(patience));
    }
    requireWritable("--json", json);
    requireWritable("--html", html);
    PrintWriter out = spec.commandLine().getOut();
    List<PeerProvider> peers = new ArrayList<>(devices());
    if (withPeers) {
      peers.addAll(usablePeers(out));
    }
    Machine machine = Machine.here();
    TableReport table =
        new TableReport(
            out, spec.commandLine().getErr(), peers.stream().map(PeerProvider::name).toList());
    table.begin(machine, threads, precision);
    List<CaseResult> results;
    try (BenchRun run =
        new BenchRun(threads, precision, quick ? Effort.QUICK : Effort.FULL, patience, peers)) {
      results = run.run(chosen, table);
      run.reports().forEach(out::println);
    }
    if (json != null) {
      Files.writeString(json, JsonReport.of(results));
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.of(machine, threads, precision, results));
    }
    return results.stream().allMatch(result -> result.differences().isEmpty()) ? 0 : 1;
  }

  private List<DevicePeer> devices() {
    if (device < 0) {
      throw new UsageException("--device is %d, must be at least 0".formatted(device));
    }
    if (backends.contains(BenchRun.OURS)) {
      throw new UsageException(
          "--backend names what runs beside %s, which always runs".formatted(BenchRun.OURS));
    }
    if (!runtimes.isEmpty() && backends.isEmpty()) {
      throw new UsageException("--runtime is for the backends that --backend names");
    }
    return backends.stream()
        .distinct()
        .flatMap(
            name ->
                runtimes.isEmpty()
                    ? Stream.of(new DevicePeer(name, device, Optional.empty()))
                    : runtimes.stream()
                        .distinct()
                        .map(each -> new DevicePeer(name, device, Optional.of(each))))
        .toList();
  }

  /** The cases of suites that were given, and single ones, in the order of all. */
  private List<BenchCase> chosenCases() {
    List<BenchCase> all = cases.of(EnumSet.allOf(Suite.class), false);
    Set<Suite> whole = EnumSet.noneOf(Suite.class);
    Set<String> ids = new HashSet<>();
    for (String name : suites) {
      if (all.stream().anyMatch(each -> each.id().equals(name))) {
        ids.add(name);
      } else {
        whole.add(suite(name));
      }
    }
    Set<Suite> chosen = suites.isEmpty() ? EnumSet.allOf(Suite.class) : whole;
    cases.of(chosen, quick).forEach(each -> ids.add(each.id()));
    return all.stream().filter(each -> ids.contains(each.id())).toList();
  }

  private static Suite suite(String name) {
    return Suite.labelled(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no suite or case '%s'; suites are %s, cases have names such as %s"
                        .formatted(
                            name, String.join(", ", Suite.labels()), "attention/full-8160")));
  }

  /** Minutes of measuring should not end in a file that cannot be written. */
  private static void requireWritable(String option, @Nullable Path file) throws IOException {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw new UsageException("%s '%s' is a folder; give a file".formatted(option, file));
    }
    Path target = Files.exists(file) ? file : file.toAbsolutePath().getParent();
    if (target == null || !Files.isWritable(target)) {
      throw new IOException(
          "%s '%s' cannot be written: %s"
              .formatted(
                  option,
                  file,
                  target != null && Files.exists(target)
                      ? "permission denied"
                      : "its folder does not exist"));
    }
  }

  private List<PeerProvider> usablePeers(PrintWriter out) {
    List<PeerProvider> usable = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (PeerProvider provider : providers) {
      if (provider.availability() instanceof Availability.Unavailable reason) {
        reasons.add(provider.name() + ": " + reason.description());
      } else {
        usable.add(provider);
      }
    }
    if (usable.isEmpty()) {
      throw new BackendException(
          "--peers: no native library can be used here (%s)"
              .formatted(reasons.isEmpty() ? "none was built in" : String.join("; ", reasons)));
    }
    reasons.forEach(reason -> out.println("without " + reason));
    return usable;
  }
}
