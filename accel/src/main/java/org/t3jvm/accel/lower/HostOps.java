package org.t3jvm.accel.lower;

import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Value;

/**
 * Ops that devices have no kernels for. Backend {@code cpu} computes them within a device's run:
 * operands are fetched, the result is sent.
 */
public final class HostOps {
  private HostOps() {}

  /** Whether the host computes a value. */
  public static boolean computes(Value value) {
    return value.op() instanceof GradientOp && !(value.op() instanceof GradientOp.Broadcast);
  }
}
