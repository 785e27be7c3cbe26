/** Benchmarks: {@code t3 bench}, and the same cases for JMH. */
@SuppressWarnings("requires-automatic")
module org.t3jvm.bench {
  requires org.t3jvm.loaders;
  requires org.t3jvm.model;
  requires org.t3jvm.tensor;
  requires static org.jspecify;
  requires info.picocli;
  requires static jmh.core;
  requires tools.jackson.databind;

  provides org.t3jvm.cli.command.CommandProvider with
      org.t3jvm.bench.cli.BenchCommandProvider,
      org.t3jvm.bench.fullsize.FullSizeTextProvider,
      org.t3jvm.bench.fullsize.FullSizeVaeProvider,
      org.t3jvm.bench.fullsize.FullSizeDitProvider;
}
