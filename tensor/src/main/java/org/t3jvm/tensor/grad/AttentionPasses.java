package org.t3jvm.tensor.grad;

import java.util.List;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Attention as passes that save what their gradients need, and whose mean is the result. */
final class AttentionPasses {
  /**
   * One pass.
   *
   * @param op of this pass alone
   * @param saved its {@link GradientOp.SavedAttention}
   */
  record Pass(Op.Attention op, Value saved) {}

  private AttentionPasses() {}

  static List<Pass> of(Tracer g, Op.Attention op) {
    return split(op).stream()
        .map(pass -> new Pass(pass, g.append(new GradientOp.SavedAttention(pass))))
        .toList();
  }

  private static List<Op.Attention> split(Op.Attention op) {
    if (op.pattern() instanceof AttentionPattern.Windows given) {
      AttentionPattern.Windows windows = given.simplified();
      if (windows.grouping() == Grouping.BOTH) {
        return List.of(with(op, windows, Grouping.CLOSE), with(op, windows, Grouping.REMOTE));
      }
    }
    return List.of(op);
  }

  private static Op.Attention with(
      Op.Attention op, AttentionPattern.Windows windows, Grouping grouping) {
    AttentionPattern pattern =
        new AttentionPattern.Windows(windows.grid(), windows.counts(), grouping);
    return new Op.Attention(op.q(), op.k(), op.v(), op.heads(), op.scale(), pattern, op.bias());
  }

  /** The mean over the passes, as {@link Op.Attention} has it. */
  static Value result(Tracer g, List<Pass> passes) {
    return mean(g, passes.stream().map(pass -> result(g, pass)).toList());
  }

  /** The same without saving anything, to the same bits. */
  static Value unsaved(Tracer g, Op.Attention op) {
    return mean(g, split(op).stream().map(g::append).toList());
  }

  private static Value mean(Tracer g, List<Value> results) {
    Value first = share(g, results.size(), results.getFirst());
    return results.size() == 1 ? first : g.add(first, share(g, results.size(), results.getLast()));
  }

  /** A pass's part of the mean; halving is exact. */
  static Value share(Tracer g, int passes, Value value) {
    return passes == 1 ? value : g.affine(value, 1f / passes, 0);
  }

  private static Value result(Tracer g, Pass pass) {
    Value q = pass.op().q();
    Value rows = g.slice(pass.saved(), 0, 0, q.shape().elements());
    return g.reshape(rows, q.shape().dims());
  }
}
