package org.t3jvm.tensor.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.Tensor;

/** The elements of named tensors in blocks, which threads take in any order. */
final class Blocks {
  private static final long ELEMENTS = 1 << 16;

  private Blocks() {}

  /** What is done with elements {@code [from, to)} of a tensor. */
  @FunctionalInterface
  interface Range {
    void run(String name, Tensor tensor, long from, long to);
  }

  /** The sum over elements {@code [from, to)} of a tensor. */
  @FunctionalInterface
  interface Sum {
    double of(Tensor tensor, long from, long to);
  }

  private record Block(String name, Tensor tensor, long from, long to) {}

  /** All tensors at once, so that small ones keep the threads busy too. */
  static void run(int threads, Map<String, Tensor> tensors, Range range) {
    List<Block> blocks = new ArrayList<>();
    tensors.forEach((name, tensor) -> blocks.addAll(blocks(name, tensor)));
    Tasks.run(
        threads,
        blocks.size(),
        i -> {
          Block block = blocks.get(i);
          range.run(block.name, block.tensor, block.from, block.to);
        });
  }

  /** The sums of all blocks, added in order within each tensor, then in the tensors' order. */
  static double sum(int threads, Map<String, Tensor> tensors, Sum sum) {
    List<Block> blocks = new ArrayList<>();
    tensors.forEach((name, tensor) -> blocks.addAll(blocks(name, tensor)));
    double[] parts = new double[blocks.size()];
    Tasks.run(
        threads,
        parts.length,
        i -> {
          Block block = blocks.get(i);
          parts[i] = sum.of(block.tensor, block.from, block.to);
        });
    double total = 0;
    double ofTensor = 0;
    for (int i = 0; i < parts.length; i++) {
      ofTensor += parts[i];
      if (i + 1 == parts.length || blocks.get(i + 1).from == 0) {
        total += ofTensor;
        ofTensor = 0;
      }
    }
    return total;
  }

  private static List<Block> blocks(String name, Tensor tensor) {
    List<Block> blocks = new ArrayList<>();
    long count = tensor.shape().elements();
    for (long from = 0; from < count; from += ELEMENTS) {
      blocks.add(new Block(name, tensor, from, Math.min(count, from + ELEMENTS)));
    }
    return blocks;
  }

  static void requireAlike(String what, Tensor a, String other, Tensor b) {
    if (a.dtype() != DType.F32 || b.dtype() != DType.F32 || !a.shape().equals(b.shape())) {
      throw new IllegalArgumentException(
          "%s is %s, %s is %s; both must be F32 of one shape".formatted(what, a, other, b));
    }
  }
}
