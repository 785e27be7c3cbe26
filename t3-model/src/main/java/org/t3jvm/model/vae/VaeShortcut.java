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
   * The stage's input x [T, H, W, C] at the size of the stage's result.
   *
   * @param first whether x starts with the sequence's first frame
   */
  Value trace(Tracer g, Value x, boolean first);

  /**
   * Means over squares of {@code space} x {@code space} positions; {@code frames} neighbouring
   * frames become one, their values neighbouring channels. SPEC 7's groups of channels are these in
   * every stage, since stages widen by {@code frames}.
   */
  record Average(int frames, int space) implements VaeShortcut {
    @Override
    public Value trace(Tracer g, Value x, boolean first) {
      Value whole = x.shape().dim(0) % frames == 0 ? x : g.concat(0, zeroFrame(g, x), x);
      long t = whole.shape().dim(0) / frames;
      long h = whole.shape().dim(1) / space;
      long w = whole.shape().dim(2) / space;
      long c = whole.shape().dim(3);
      Value rows = g.reshape(whole, t * frames * h, space, w, space * c);
      Value lines = g.reshape(mean(g, rows), t * frames * h * w, space, c);
      Value means = g.reshape(mean(g, lines), t, frames, h * w, c);
      return g.reshape(g.permute(means, 0, 2, 3, 1), t, h, w, c * frames);
    }

    private static Value mean(Tracer g, Value x) {
      return g.reduce(Op.Reduce.Kind.MEAN, x, 1);
    }

    /** The sequence's first frame is paired with zeros; made of x, as a constant would be large. */
    private static Value zeroFrame(Tracer g, Value x) {
      return g.affine(g.slice(x, 0, 0, 1), 0, 0);
    }
  }

  /**
   * Spreads each position over {@code frames} x {@code space} x {@code space}. Where channels
   * become fewer, what a channel loses goes into frames first, then rows, then columns; the rest
   * repeats.
   */
  record Duplicate(int in, int out, int frames, int space) implements VaeShortcut {
    @Override
    public Value trace(Tracer g, Value x, boolean first) {
      long t = x.shape().dim(0);
      long h = x.shape().dim(1);
      long w = x.shape().dim(2);
      int perChannel = in / out;
      int intoFrames = Math.min(frames, perChannel);
      int intoRows = Math.min(space, perChannel / intoFrames);
      int intoColumns = perChannel / intoFrames / intoRows;
      Value split = g.reshape(x, t, h, w, out, intoFrames, intoRows, intoColumns);
      Value spread = g.permute(split, 0, 4, 1, 5, 2, 6, 3);
      t *= intoFrames;
      h *= intoRows;
      w *= intoColumns;
      Value columns = repeat(g, spread, t * h * w, space / intoColumns, out);
      w *= space / intoColumns;
      Value rows = repeat(g, columns, t * h, space / intoRows, w * out);
      h *= space / intoRows;
      Value whole = repeat(g, rows, t, frames / intoFrames, h * w * out);
      t *= frames / intoFrames;
      // The sequence's first frame stays one.
      long dropped = first ? frames - 1 : 0;
      return g.slice(g.reshape(whole, t, h, w, out), 0, dropped, t - dropped);
    }

    /** Each of {@code runs} runs of x so many times. */
    private static Value repeat(Tracer g, Value x, long runs, int times, long run) {
      Value[] copies = new Value[times];
      Arrays.fill(copies, g.reshape(x, runs, 1, run));
      return times == 1 ? copies[0] : g.concat(1, copies);
    }
  }
}
