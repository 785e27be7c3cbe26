package org.t3jvm.bench.run;

import java.lang.foreign.MemorySegment;
import org.t3jvm.bench.peak.Team;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** Copies a tensor of a given shape to another, by equal parts on as many threads as the others. */
final class CopyContender implements PeakContender {
  private final Team team;
  private final MemorySegment source;
  private final MemorySegment target;

  CopyContender(Team team, CaseData data, Shape shape) {
    this.team = team;
    this.source = data.allocate(DType.F32, shape).segment();
    this.target = data.allocate(DType.F32, shape).segment();
    // Pages that were never written are all one page of zeros, which is read from the cache.
    source.fill((byte) 1);
    target.fill((byte) 2);
  }

  @Override
  public String name() {
    return "copy";
  }

  /** Bytes read and written by one repetition. */
  @Override
  public double work() {
    return 2.0 * source.byteSize();
  }

  @Override
  public void run() {
    long bytes = source.byteSize();
    int parts = team.threads();
    team.run(
        part -> {
          long from = bytes * part / parts;
          long to = bytes * (part + 1) / parts;
          MemorySegment.copy(source, from, target, from, to - from);
        });
  }

  @Override
  public void close() {
    // The case owns the tensors, the run owns the threads.
  }
}
