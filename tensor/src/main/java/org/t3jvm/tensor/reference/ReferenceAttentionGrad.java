package org.t3jvm.tensor.reference;

import java.util.Arrays;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;

/**
 * The gradients of an attention of one pass: with weights {@code p = exp(scores - logSum)} and
 * {@code dp = dy v}, those of the scores are {@code p (dp - sum p dp)}.
 */
final class ReferenceAttentionGrad {
  private final Op.Attention op;
  private final ReferenceAttention forward;
  private final double[] saved;
  private final double[] dy;
  private final double[] result;
  private final int columns;
  private final int atK;
  private final int atV;
  private final int atScores;
  private final boolean ofScores;

  private ReferenceAttentionGrad(
      GradientOp.AttentionGrad grad, int elements, ReferenceOps.Doubles doubles) {
    this.op = grad.attention();
    this.forward = new ReferenceAttention(op, doubles);
    this.saved = doubles.of(grad.saved());
    this.dy = doubles.of(grad.dy());
    this.result = new double[elements];
    this.columns = op.q().shape().intDim(1);
    this.atK = Math.toIntExact(op.q().shape().elements());
    this.atV = atK + Math.toIntExact(op.k().shape().elements());
    this.atScores = atV + Math.toIntExact(op.k().shape().elements());
    this.ofScores = grad.ofScores();
  }

  static double[] gradients(
      GradientOp.AttentionGrad grad, int elements, ReferenceOps.Doubles doubles) {
    ReferenceAttentionGrad gradients = new ReferenceAttentionGrad(grad, elements, doubles);
    gradients.forward.onePass(gradients::group);
    return gradients.result;
  }

  /** The result and then the logarithms of the sums [heads, Nq]. */
  static double[] saved(Op.Attention op, ReferenceOps.Doubles doubles) {
    ReferenceAttention forward = new ReferenceAttention(op, doubles);
    int queries = op.q().shape().intDim(0);
    double[] y = ReferenceAttention.attention(op, doubles);
    double[] result = Arrays.copyOf(y, y.length + op.heads() * queries);
    forward.onePass(
        (query, keys) -> {
          for (int head = 0; head < op.heads(); head++) {
            double[] scores = forward.scores(head, query, keys);
            double max = Arrays.stream(scores).max().orElseThrow();
            double sum = Arrays.stream(scores).map(score -> Math.exp(score - max)).sum();
            result[y.length + head * queries + query] = max + Math.log(sum);
          }
        });
    return result;
  }

  private void group(int query, int[] keys) {
    int d = op.headDim();
    int queries = op.q().shape().intDim(0);
    for (int head = 0; head < op.heads(); head++) {
      int at = query * columns + head * d;
      double[] p = forward.scores(head, query, keys);
      double[] dp = new double[keys.length];
      double logSum = saved[atK + head * queries + query];
      double mean = 0;
      for (int j = 0; j < keys.length; j++) {
        int key = keys[j] * columns + head * d;
        p[j] = Math.exp(p[j] - logSum);
        for (int i = 0; i < d; i++) {
          dp[j] += dy[at + i] * forward.v[key + i];
        }
        mean += p[j] * dp[j];
      }
      for (int j = 0; j < keys.length; j++) {
        int key = keys[j] * columns + head * d;
        double ds = p[j] * (dp[j] - mean);
        for (int i = 0; i < d; i++) {
          result[at + i] += ds * op.scale() * forward.k[key + i];
          result[atK + key + i] += ds * op.scale() * forward.q[at + i];
          result[atV + key + i] += p[j] * dy[at + i];
        }
        if (ofScores) {
          int row = (head * queries + query) * op.k().shape().intDim(0);
          result[atScores + row + keys[j]] = ds;
        }
      }
    }
  }
}
