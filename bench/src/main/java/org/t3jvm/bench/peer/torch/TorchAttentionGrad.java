package org.t3jvm.bench.peer.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;

/**
 * Attention of one pass with what its gradients need, and these, by what libtorch's autograd calls
 * on a CPU: {@code _scaled_dot_product_flash_attention_for_cpu} and its backward.
 */
record TorchAttentionGrad(TorchOps ops, TorchAttention attention, Op.Attention op) {
  private static final String FORWARD =
      "aoti_torch_cpu__scaled_dot_product_flash_attention_for_cpu";

  /** The result and then the logarithms of the sums [heads, Nq], as one vector of one type. */
  TorchTensor saved(TorchLowering.Operands in) {
    List<TorchTensor> results =
        call(
            FORWARD,
            2,
            in.optional(op.bias()),
            batch(in.apply(op.q())),
            batch(in.apply(op.k())),
            batch(in.apply(op.v())));
    TorchTensor sums =
        ops.cast(ops.permute(results.getLast(), 0, 2, 1), results.getFirst().dtype());
    TorchTensor tokens = ungrouped(ops.reshape(sums, op.q().shape().dim(0), op.heads()));
    return ops.concat(List.of(flat(rows(results.getFirst())), flat(ops.permute(tokens, 1, 0))), 0);
  }

  /** Those of q, k and v, one after the other. */
  TorchTensor gradients(GradientOp.AttentionGrad grad, TorchLowering.Operands in) {
    if (grad.ofScores()) {
      throw new BackendException("libtorch: not supported: gradients of attention's scores");
    }
    long tokens = op.q().shape().dim(0);
    long columns = op.q().shape().dim(1);
    TorchTensor saved = in.apply(grad.saved());
    TorchTensor y = ops.reshape(ops.narrow(saved, 0, 0, tokens * columns), tokens, columns);
    // Of BF16, too, libtorch has them as F32.
    TorchTensor sums =
        ops.cast(ops.narrow(saved, 0, tokens * columns, tokens * op.heads()), TorchDType.F32);
    TorchTensor byToken = grouped(ops.permute(ops.reshape(sums, op.heads(), tokens), 1, 0));
    TorchTensor byWindow = ops.reshape(byToken, groups(), tokens / groups(), op.heads());
    List<TorchTensor> results =
        call(
            FORWARD + "_backward",
            3,
            in.optional(op.bias()),
            batch(in.apply(grad.dy())),
            batch(in.apply(op.q())),
            batch(in.apply(op.k())),
            batch(in.apply(op.v())),
            batch(y),
            ops.permute(byWindow, 0, 2, 1));
    return ops.concat(results.stream().map(each -> flat(rows(each))).toList(), 0);
  }

  private List<TorchTensor> call(
      String function, int results, @Nullable TorchTensor bias, TorchTensor... operands) {
    try (Arena arena = Arena.ofConfined()) {
      List<Object> arguments = new ArrayList<>();
      for (TorchTensor operand : operands) {
        arguments.add(operand.handle());
      }
      arguments.add(0.0);
      arguments.add(0);
      arguments.add(mask(bias, arena));
      arguments.add(arena.allocateFrom(JAVA_DOUBLE, op.scale()));
      return ops.callAll(function, results, arguments.toArray());
    }
  }

  private MemorySegment mask(@Nullable TorchTensor bias, Arena arena) {
    if (bias == null) {
      return MemorySegment.NULL;
    }
    long[] s = bias.sizes();
    return arena.allocateFrom(ADDRESS, ops.reshape(bias, 1, s[0], s[1], s[2]).handle());
  }

  private long groups() {
    Windows windows = windows();
    return windows == null ? 1 : windows.counts().windows();
  }

  /** Null for attention over all keys. */
  private @Nullable Windows windows() {
    return switch (op.pattern()) {
      case AttentionPattern.Full _ -> null;
      case Windows windows -> TorchAttention.even(windows.simplified());
      case AttentionPattern.Inward _ ->
          throw new BackendException("libtorch: not supported: gradients of inward windows");
    };
  }

  private TorchTensor batch(TorchTensor x) {
    return TorchAttention.batch(ops, op, grouped(x), groups());
  }

  private TorchTensor rows(TorchTensor y) {
    return ungrouped(TorchAttention.rows(ops, y));
  }

  private TorchTensor grouped(TorchTensor x) {
    Windows windows = windows();
    return windows == null ? x : attention.gather(ops, x, windows, windows.grouping());
  }

  private TorchTensor ungrouped(TorchTensor x) {
    Windows windows = windows();
    return windows == null ? x : attention.scatter(ops, x, windows, windows.grouping());
  }

  private TorchTensor flat(TorchTensor x) {
    long[] s = x.sizes();
    return ops.reshape(x, s[0] * s[1]);
  }
}
