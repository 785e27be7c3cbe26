package org.t3jvm.bench.peer.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/**
 * Several ways to the same result. The first call times them in turns; the fastest stays, of those
 * that give what the first way gives: oneDNN's F32 kernels for AVX-512 are wrong on some processors
 * in the columns after the last whole 32.
 */
final class Fastest implements AutoCloseable {
  private static final int ROUNDS = 3;

  /** Operands and results rounded to 8 bits of mantissa. */
  private static final double BOUND = 0.05;

  /** A way that takes this long is timed once. */
  private static final long LONG_NANOS = 200_000_000;

  /** One way to compute an op, with the weights it has prepared. */
  interface Way extends AutoCloseable {
    /**
     * Computes.
     *
     * @param out where the result may be put, or null
     */
    TorchTensor compute(TorchOps ops, TorchTensor x, @Nullable TorchTensor out);

    /** Frees what was prepared. */
    @Override
    default void close() {}
  }

  private List<Way> ways;

  Fastest(List<Way> ways) {
    this.ways = ways;
  }

  TorchTensor compute(TorchOps ops, TorchTensor x, @Nullable TorchTensor out) {
    if (ways.size() > 1) {
      choose(ops.torch(), x, out);
    }
    return ways.getFirst().compute(ops, x, out);
  }

  private void choose(LibTorch torch, TorchTensor x, @Nullable TorchTensor out) {
    keepThoseThatAgree(torch, x);
    long[] best = new long[ways.size()];
    Arrays.fill(best, Long.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < best.length; i++) {
        if (round == 0 || best[i] < LONG_NANOS) {
          best[i] = Math.min(best[i], nanos(ways.get(i), torch, x, out));
        }
      }
    }
    int winner = 0;
    for (int i = 1; i < best.length; i++) {
      winner = best[i] < best[winner] ? i : winner;
    }
    Way kept = ways.get(winner);
    ways.stream().filter(way -> !way.equals(kept)).forEach(Way::close);
    ways = List.of(kept);
  }

  private void keepThoseThatAgree(LibTorch torch, TorchTensor x) {
    Way first = ways.getFirst();
    List<Way> kept = new ArrayList<>(List.of(first));
    try (TorchOps ops = new TorchOps(torch)) {
      TorchTensor expected = first.compute(ops, x, null);
      for (Way way : ways.subList(1, ways.size())) {
        if (differ(ops, way.compute(ops, x, null), expected) <= BOUND) {
          kept.add(way);
        } else {
          way.close();
        }
      }
    }
    ways = kept;
  }

  /** The largest difference as a share of the largest expected magnitude. */
  private static double differ(TorchOps ops, TorchTensor actual, TorchTensor expected) {
    Tensor a = ops.floats(actual);
    Tensor b = ops.floats(expected);
    double largest = 0;
    double difference = 0;
    for (long i = 0; i < b.shape().elements(); i++) {
      largest = Math.max(largest, Math.abs(b.getDouble(i)));
      difference = Math.max(difference, Math.abs(a.getDouble(i) - b.getDouble(i)));
    }
    return largest == 0 ? difference : difference / largest;
  }

  private static long nanos(Way way, LibTorch torch, TorchTensor x, @Nullable TorchTensor out) {
    try (TorchOps ops = new TorchOps(torch)) {
      long start = System.nanoTime();
      TorchTensor y = way.compute(ops, x, out);
      if (out != null && y != out) {
        out.copyFrom(y);
      }
      return System.nanoTime() - start;
    }
  }

  @Override
  public void close() {
    ways.forEach(Way::close);
  }
}
