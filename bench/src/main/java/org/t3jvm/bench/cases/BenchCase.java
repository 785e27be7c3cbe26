package org.t3jvm.bench.cases;

/** One thing that is measured, at one shape. */
public sealed interface BenchCase permits GraphCase, HostCase {
  Suite suite();

  /** Unique in the suite, such as {@code 2040x1536x8960-bf16}. */
  String name();

  /** The shape for people. */
  String shape();

  Metric metric();

  /** What one repetition does, in the unit of {@link Metric#value}. */
  double work();

  /** Whether a quick run leaves this case out. */
  boolean large();

  /** As {@code gemm/2040x1536x8960-bf16}. */
  default String id() {
    return suite().label() + "/" + name();
  }
}
