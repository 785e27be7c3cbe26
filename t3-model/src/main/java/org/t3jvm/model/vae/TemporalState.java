package org.t3jvm.model.vae;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * The frames that causal convolutions keep between chunks, as inputs and outputs of the same name
 * (SPEC 6, streaming over time). Before the first chunk every state is zero.
 */
public final class TemporalState {
  /** What the names of all states start with. */
  public static final String PREFIX = "state.";

  private final Tracer g;

  TemporalState(Tracer g) {
    this.g = g;
  }

  /**
   * x [T, H, W, C] with the {@code frames} frames before it in front, [frames + T, H, W, C]; its
   * own last frames become the next chunk's state.
   */
  Value prepend(String name, Value x, int frames) {
    Shape shape = x.shape().with(0, frames);
    Value joined = g.concat(0, g.input(PREFIX + name, DType.F32, shape), x);
    keepLast(name, joined, frames);
    return joined;
  }

  /** Makes the last {@code frames} frames of x the next chunk's state. */
  void keepLast(String name, Value x, int frames) {
    g.output(PREFIX + name, g.slice(x, 0, x.shape().dim(0) - frames, frames));
  }
}
