package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.cpu.attention.AttentionKernel.Result;
import org.t3jvm.tensor.cpu.kernel.Kernel;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers attention: one pass over the groups of a pattern, or two that add up to their mean. */
public final class AttentionLowering {
  /** Most of the temporary memory that gathered keys and values take, in bytes. */
  private static final long PACKED_BYTES = 64L << 20;

  private AttentionLowering() {}

  /** Attention of q [Nq, heads*d] to k and v [Nk, heads*d] by any pattern. */
  public static LoweredOp attention(Op.Attention op, Value out) {
    Passes passes = new Passes(op, out);
    switch (op.pattern()) {
      case AttentionPattern.Full full -> passes.add(RowGroups.full(op), 1, Result.WRITE);
      case AttentionPattern.Windows windows -> addWindows(passes, windows.simplified());
    }
    return new LoweredOp(passes.kernels, passes.temporaryBytes);
  }

  /** Attention of one pass with the logarithms of its sums after the result. */
  public static LoweredOp saved(Op.Gradient.SavedAttention op, Value out) {
    Passes passes = new Passes(op.attention(), out);
    passes.add(onePass(op.attention()), 1, Result.SAVE);
    return new LoweredOp(passes.kernels, passes.temporaryBytes);
  }

  /** The gradients of the operands of an attention of one pass. */
  public static LoweredOp gradients(Op.Gradient.AttentionGrad op, Value out) {
    AttentionGradPlan plan = AttentionGradPlan.of(op, out, onePass(op.attention()));
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(new GradientMeans(op));
    kernels.add(new AttentionGradKernel(plan));
    if (plan.splits() > 1) {
      kernels.add(new SumQueryGradients(plan));
    }
    return new LoweredOp(kernels, plan.temporaryBytes());
  }

  private static RowGroups onePass(Op.Attention op) {
    return switch (op.pattern()) {
      case AttentionPattern.Full full -> RowGroups.full(op);
      case AttentionPattern.Windows windows ->
          RowGroups.of(windows.index(windows.simplified().grouping()));
    };
  }

  private static void addWindows(Passes passes, AttentionPattern.Windows windows) {
    if (windows.grouping() != Grouping.BOTH) {
      passes.add(RowGroups.of(windows.index(windows.grouping())), 1, Result.WRITE);
      return;
    }
    passes.add(RowGroups.of(windows.index(Grouping.CLOSE)), 0.5f, Result.WRITE);
    passes.add(RowGroups.of(windows.index(Grouping.REMOTE)), 0.5f, Result.ADD);
  }

  /** The kernels of an op, pass after pass. */
  private static final class Passes {
    private final Op.Attention op;
    private final Value out;
    private final List<Kernel> kernels = new ArrayList<>();
    private long temporaryBytes;

    Passes(Op.Attention op, Value out) {
      this.op = op;
      this.out = out;
    }

    /** Packs as many units as the temporary memory holds, attends, packs the next ones. */
    void add(RowGroups rows, float share, Result result) {
      int all = Math.multiplyExact(rows.groups(), op.heads());
      long unitBytes = new Units(0, 1, op.heads(), rows.mostKeys(), op.headDim()).bytes();
      int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, unitBytes), 1, Math.max(1, all));
      temporaryBytes = Math.max(temporaryBytes, atOnce * unitBytes);
      for (int first = 0; first < all; first += atOnce) {
        int count = Math.min(atOnce, all - first);
        Units units = new Units(first, count, op.heads(), rows.mostKeys(), op.headDim());
        kernels.add(new PackKeys(op, rows, units));
        kernels.add(new AttentionKernel(op, out, rows, units, share, result));
      }
    }
  }
}
