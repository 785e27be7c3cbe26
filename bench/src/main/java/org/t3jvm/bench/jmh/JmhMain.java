package org.t3jvm.bench.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.CaseRegistry;
import org.t3jvm.bench.cases.Suite;

/**
 * Starts JMH with its own options, where {@code -p id=...} takes cases ({@code
 * gemm/512x1536x1536-f32}) and whole suites ({@code gemm}); without it, every case runs.
 */
public final class JmhMain {
  private static final String ID = "id";

  private JmhMain() {}

  public static void main(String[] args) throws CommandLineOptionException, RunnerException {
    CommandLineOptions given = new CommandLineOptions(args);
    Collection<String> ids =
        given.getParameter(ID).hasValue() ? given.getParameter(ID).get() : Suite.labels();
    new Runner(
            new OptionsBuilder()
                .parent(given)
                .include(CaseBenchmark.class.getName())
                .param(ID, expand(ids).toArray(String[]::new))
                .build())
        .run();
  }

  /** Case ids, with suites replaced by all of their cases. */
  static List<String> expand(Collection<String> ids) {
    List<String> cases = new ArrayList<>();
    for (String id : ids) {
      Optional<Suite> suite = Suite.labelled(id);
      if (suite.isPresent()) {
        CaseRegistry.of(suite.get()).forEach(benchCase -> cases.add(benchCase.id()));
      } else {
        cases.add(named(id).id());
      }
    }
    return cases;
  }

  /** The case of an id. */
  static BenchCase named(String id) {
    String suite = id.split("/", 2)[0];
    return CaseRegistry.of(
            Suite.labelled(suite).map(EnumSet::of).orElse(EnumSet.noneOf(Suite.class)), false)
        .stream()
        .filter(benchCase -> benchCase.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no case '%s'; give a case such as gemm/512x1536x1536-f32 or a suite"
                            .formatted(id)
                        + " of "
                        + String.join(", ", Suite.labels())));
  }
}
