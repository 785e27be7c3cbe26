package org.t3jvm.tensor.cpu.attention;

import java.util.List;
import org.t3jvm.tensor.cpu.LoweredOp;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers attention: one pass over the groups of a pattern, or two that add up to their mean. */
public final class AttentionLowering {
  private AttentionLowering() {}

  /** Attention of q [Nq, heads*d] to k and v [Nk, heads*d] by any pattern. */
  public static LoweredOp attention(Op.Attention op, Value out) {
    return switch (op.pattern()) {
      case AttentionPattern.Full full ->
          LoweredOp.of(
              new AttentionKernel(op, out, RowGroups.full(op), 1, AttentionKernel.Result.WRITE));
      case AttentionPattern.Windows windows -> windows(op, out, windows.simplified());
    };
  }

  private static LoweredOp windows(Op.Attention op, Value out, AttentionPattern.Windows windows) {
    if (windows.grouping() != Grouping.BOTH) {
      RowGroups groups = RowGroups.of(windows.index(windows.grouping()));
      return LoweredOp.of(new AttentionKernel(op, out, groups, 1, AttentionKernel.Result.WRITE));
    }
    RowGroups close = RowGroups.of(windows.index(Grouping.CLOSE));
    RowGroups remote = RowGroups.of(windows.index(Grouping.REMOTE));
    return new LoweredOp(
        List.of(
            new AttentionKernel(op, out, close, 0.5f, AttentionKernel.Result.WRITE),
            new AttentionKernel(op, out, remote, 0.5f, AttentionKernel.Result.ADD)),
        0);
  }
}
