package org.t3jvm.model.vae;

import java.util.function.UnaryOperator;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * The rows that convolutions and shortcuts keep from one band of rows for the next one below it, as
 * outputs and inputs of the same name, so that nothing is computed twice and no seam is left. The
 * counterpart of {@link TemporalState}; a band that is the whole plane keeps none.
 */
public final class RowState {
  /** What the names of all kept rows start with. */
  public static final String PREFIX = "rows.";

  private final Tracer g;
  private RowBand band;

  /**
   * For one graph.
   *
   * @param band rows that the graph starts from
   */
  RowState(Tracer g, RowBand band) {
    this.g = g;
    this.band = band;
  }

  /** Rows of the value that was traced last. */
  RowBand band() {
    return band;
  }

  /**
   * x [T, H, W, C] with the rows above it that a 3x3 convolution over it sees; {@link #band} and
   * {@link #geometry} are that convolution's from now on.
   *
   * @param factor by which the convolution sees x upsampled, 1 or 2
   */
  Value seen(String name, Value x, int factor) {
    RowBand before = band;
    band = (factor == 1 ? before : before.upsampled()).convolved();
    int carried = seenBefore(before.first(), band.first(), factor);
    int kept = seenBefore(before.end(), band.end(), factor);
    return join(name, x, carried, kept);
  }

  /** Rows before row {@code at} of x that row {@code result} of the result and later ones see. */
  private int seenBefore(int at, int result, int factor) {
    return result == band.height() ? 0 : at - Math.max(0, Math.floorDiv(result - 1, factor));
  }

  /** Zeros around the plane, but not where a band touches another. */
  ConvGeometry geometry() {
    int above = band.first() == 0 ? 1 : 0;
    int below = band.end() == band.height() ? 1 : 0;
    return new ConvGeometry(1, 1, 1, 0, 0, above, below, 1, 1);
  }

  /**
   * What stands beside layers: {@code spread} of x, with the rows that the layers' result has.
   *
   * @param before rows of x
   * @param spread makes each row of x one row or several
   */
  Value shortcut(String name, Value x, RowBand before, UnaryOperator<Value> spread) {
    int factor = band.height() / before.height();
    int carried = before.first() - band.first() / factor;
    int kept = before.end() - band.end() / factor;
    Value rows = spread.apply(join(name, x, carried, kept));
    int surplusAbove = band.first() % factor;
    int surplusBelow = before.end() * factor - band.end();
    long length = rows.shape().dim(1) - surplusAbove - surplusBelow;
    return length == rows.shape().dim(1) ? rows : g.slice(rows, 1, surplusAbove, length);
  }

  private Value join(String name, Value x, int carried, int kept) {
    Value joined =
        carried == 0
            ? x
            : g.concat(1, g.input(PREFIX + name, DType.F32, x.shape().with(1, carried)), x);
    if (kept > 0) {
      g.output(PREFIX + name, g.slice(joined, 1, joined.shape().dim(1) - kept, kept));
    }
    return joined;
  }
}
