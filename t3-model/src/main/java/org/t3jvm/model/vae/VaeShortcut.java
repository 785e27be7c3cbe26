package org.t3jvm.model.vae;

import java.util.Arrays;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * What a stage of the Wan2.2 VAE adds to its layers' result: its own input at the result's size,
 * without weights (SPEC 7).
 */
sealed interface VaeShortcut {
  /**
   * The stage's input x [T, H, W, in] at the size of the stage's result.
   *
   * @param first whether x starts with the sequence's first frame
   */
  Value trace(Tracer g, Value x, boolean first);

  /**
   * Means over boxes of {@code frames} x {@code space} x {@code space} values and neighbouring
   * channels.
   */
  record Average(int in, int out, int frames, int space) implements VaeShortcut {
    @Override
    public Value trace(Tracer g, Value x, boolean first) {
      Value whole = x.shape().dim(0) % frames == 0 ? x : g.concat(0, zeroFrame(g, x), x);
      long t = whole.shape().dim(0) / frames;
      long h = whole.shape().dim(1) / space;
      long w = whole.shape().dim(2) / space;
      Value boxes = g.reshape(whole, t, frames, h, space, w, space, in);
      Value ordered = g.permute(boxes, 0, 2, 4, 6, 1, 3, 5);
      long each = (long) in * frames * space * space / out;
      Value groups = g.reshape(ordered, t, h, w, out, each);
      return g.reshape(g.reduce(Op.Reduce.Kind.MEAN, groups, -1), t, h, w, out);
    }

    /** The sequence's first frame is paired with zeros; made of x, as a constant would be large. */
    private static Value zeroFrame(Tracer g, Value x) {
      return g.affine(g.slice(x, 0, 0, 1), 0, 0);
    }
  }

  /** Repeats values over {@code frames} x {@code space} x {@code space} and over channels. */
  record Duplicate(int in, int out, int frames, int space) implements VaeShortcut {
    @Override
    public Value trace(Tracer g, Value x, boolean first) {
      long t = x.shape().dim(0);
      long h = x.shape().dim(1);
      long w = x.shape().dim(2);
      Value[] copies = new Value[out * frames * space * space / in];
      Arrays.fill(copies, g.reshape(x, t, h, w, in, 1));
      Value boxes = g.reshape(g.concat(4, copies), t, h, w, out, frames, space, space);
      Value ordered = g.permute(boxes, 0, 4, 1, 5, 2, 6, 3);
      Value whole = g.reshape(ordered, t * frames, h * space, w * space, out);
      // The sequence's first frame stays one.
      return first ? g.slice(whole, 0, frames - 1, t * frames - (frames - 1)) : whole;
    }
  }
}
