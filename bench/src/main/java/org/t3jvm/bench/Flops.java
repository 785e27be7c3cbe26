package org.t3jvm.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts the operations of a benchmark's calls; JMH divides by the time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Flops {
  /** Floating-point operations so far: a multiplication and an addition are two. */
  public long flop;
}
