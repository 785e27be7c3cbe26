package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.cpu.attention.AttentionKernel.Result;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.Value;

/** Lowers attention: the passes of a pattern, which add up. */
public final class AttentionLowering {
  /** Most of the temporary memory that gathered keys and values take, in bytes. */
  private static final long PACKED_BYTES = 64L << 20;

  private AttentionLowering() {}

  /** Attention of q [Nq, heads*d] to k and v [Nk, heads*d] by any pattern. */
  public static LoweredOp attention(Op.Attention op, Value out) {
    Passes passes = new Passes(op, out);
    for (RowMap.Pass pass : rows(op).passes()) {
      passes.add(pass, passes.kernels.isEmpty() ? Result.WRITE : Result.ADD);
    }
    return new LoweredOp(passes.kernels, passes.temporaryBytes);
  }

  /**
   * The same with operands and weights rounded to BF16, for patterns whose windows do not slide.
   */
  public static LoweredOp rounded(Op.Attention op, Value out, Tiles tiles) {
    List<CpuKernel> kernels = new ArrayList<>();
    long temporaryBytes = 0;
    for (RowMap.Pass pass : rows(op).passes()) {
      RoundedBlocks blocks = RoundedBlocks.of(op.headDim(), pass.mostQueries());
      boolean adds = !kernels.isEmpty();
      int all = Math.multiplyExact(pass.tiles().size(), op.heads());
      long unitBytes = blocks.unitBytes(pass.mostKeys());
      int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, unitBytes), 1, Math.max(1, all));
      temporaryBytes = Math.max(temporaryBytes, atOnce * unitBytes);
      for (int first = 0; first < all; first += atOnce) {
        int count = Math.min(atOnce, all - first);
        kernels.add(new PackRoundedKeys(op, pass, blocks, first, count));
        kernels.add(new RoundedAttention(op, out, pass, tiles, adds, blocks, first, count));
      }
    }
    return new LoweredOp(kernels, temporaryBytes);
  }

  /** Attention of one pass with the logarithms of its sums after the result. */
  public static LoweredOp saved(GradientOp.SavedAttention op, Value out) {
    Passes passes = new Passes(op.attention(), out);
    passes.add(onePass(op.attention()), Result.SAVE);
    return new LoweredOp(passes.kernels, passes.temporaryBytes);
  }

  /** The gradients of the operands of an attention of one pass. */
  public static LoweredOp gradients(GradientOp.AttentionGrad op, Value out) {
    AttentionGradPlan plan = AttentionGradPlan.of(op, out, onePass(op.attention()));
    List<CpuKernel> kernels = new ArrayList<>();
    kernels.add(new GradientMeans(op));
    kernels.add(new AttentionGradKernel(plan));
    if (plan.splits() > 1) {
      kernels.add(new SumQueryGradients(plan));
    }
    return new LoweredOp(kernels, plan.temporaryBytes());
  }

  private static RowMap.Pass onePass(Op.Attention op) {
    return rows(op).passes().getFirst();
  }

  private static RowMap rows(Op.Attention op) {
    return op.pattern().simplified().rows(op.q().shape().dim(0), op.k().shape().dim(0));
  }

  /** The kernels of an op, pass after pass. */
  private static final class Passes {
    private final Op.Attention op;
    private final Value out;
    private final List<CpuKernel> kernels = new ArrayList<>();
    private long temporaryBytes;

    Passes(Op.Attention op, Value out) {
      this.op = op;
      this.out = out;
    }

    /** Packs as many units as the temporary memory holds, attends, packs the next ones. */
    void add(RowMap.Pass pass, Result result) {
      int all = Math.multiplyExact(pass.tiles().size(), op.heads());
      long unitBytes = new Units(0, 1, op.heads(), pass.mostKeys(), op.headDim()).bytes();
      int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, unitBytes), 1, Math.max(1, all));
      temporaryBytes = Math.max(temporaryBytes, atOnce * unitBytes);
      for (int first = 0; first < all; first += atOnce) {
        int count = Math.min(atOnce, all - first);
        Units units = new Units(first, count, op.heads(), pass.mostKeys(), op.headDim());
        kernels.add(new PackKeys(op, pass, units));
        kernels.add(new AttentionKernel(op, out, pass, units, result));
      }
    }
  }
}
