package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.peer.NativeLibrary;

/**
 * Linear layers with weights that do not change: {@code torch.nn.functional.linear}, which
 * multiplies F32 with MKL, or oneDNN with weights packed once, as {@code torch.compile} does it.
 * MKL keeps to AVX2 on processors that are not Intel's; oneDNN does not.
 */
final class TorchLinear {
  private TorchLinear() {}

  /** The ways for inputs of {@code rows} rows; weight [N, K], bias [N]. */
  static Fastest of(LibTorch torch, long rows, TorchTensor weight, @Nullable TorchTensor bias) {
    return new Fastest(
        List.of(
            (ops, x, out) -> ops.callInto(out, AtFunction.LINEAR, x, weight, bias),
            new Packed(pack(torch, weight, rows), bias)));
  }

  private static TorchTensor pack(LibTorch torch, TorchTensor weight, long rows) {
    try (Arena arena = Arena.ofConfined()) {
      // The dispatcher frees what it is given, the optional too, and puts the result in its place.
      MemorySegment optional = NativeLibrary.allocate(Long.BYTES);
      optional.set(JAVA_LONG, 0, rows);
      MemorySegment stack = arena.allocate(ADDRESS, 2);
      stack.setAtIndex(ADDRESS, 0, weight.share().handle());
      stack.setAtIndex(ADDRESS, 1, optional);
      torch.call(
          "aoti_torch_call_dispatcher",
          arena.allocateFrom("mkldnn::_reorder_linear_weight"),
          arena.allocateFrom(""),
          stack);
      return new TorchTensor(torch, stack.get(ADDRESS, 0));
    }
  }

  private record Packed(TorchTensor weight, @Nullable TorchTensor bias) implements Fastest.Way {
    @Override
    public TorchTensor compute(TorchOps ops, TorchTensor x, @Nullable TorchTensor out) {
      try (Arena arena = Arena.ofConfined()) {
        return ops.own(
            ops.torch()
                .newTensor(
                    "aoti_torch_cpu__linear_pointwise",
                    x.handle(),
                    weight.handle(),
                    bias == null ? MemorySegment.NULL : arena.allocateFrom(ADDRESS, bias.handle()),
                    arena.allocateFrom("none"),
                    MemorySegment.NULL,
                    0L,
                    arena.allocateFrom(ADDRESS, arena.allocateFrom(""))));
      }
    }

    @Override
    public void close() {
      weight.close();
    }
  }
}
