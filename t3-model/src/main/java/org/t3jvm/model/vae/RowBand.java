package org.t3jvm.model.vae;

/**
 * Rows of a plane that a band makes, {@code [first, end)}. A convolution's result lags one row
 * behind what it sees, so bounds are counted on beyond the plane, above it and below it, and only
 * rows within it are made.
 *
 * @param from where the band starts, perhaps outside of the plane
 * @param to where the next band starts, perhaps outside of the plane
 * @param height rows of the plane
 */
public record RowBand(int from, int to, int height) {
  /** All rows of a plane of any height: it touches both edges, whatever is done to it. */
  static final RowBand WHOLE = new RowBand(0, 1 << 20, 1);

  /** The first row. */
  public int first() {
    return Math.clamp(from, 0, height);
  }

  /** The row after the last. */
  int end() {
    return Math.clamp(to, 0, height);
  }

  /** The band of a 3x3 convolution's result. */
  public RowBand convolved() {
    return new RowBand(from - 1, to - 1, height);
  }

  /** The band of rows that are doubled. */
  RowBand upsampled() {
    return new RowBand(2 * from, 2 * to, 2 * height);
  }

  /** The band of what layers make of this one. */
  public RowBand after(Iterable<VaeLayer> layers) {
    RowBand band = this;
    for (VaeLayer layer : layers) {
      band =
          switch (layer) {
            case VaeLayer.Residual residual -> band.convolved().convolved();
            case VaeLayer.Upsample up -> band.upsampled().convolved();
            case VaeLayer.Memory memory -> band.convolved().convolved().convolved();
            case VaeLayer.Grow grow -> band.upsampled().convolved();
            case VaeLayer.Stage stage -> band.after(stage.layers());
            case VaeLayer.Attention attention -> throw needsWholePlane(layer);
            case VaeLayer.Downsample down -> throw needsWholePlane(layer);
          };
    }
    return band;
  }

  private static IllegalArgumentException needsWholePlane(VaeLayer layer) {
    return new IllegalArgumentException(layer.name() + " takes a whole plane, no band of it");
  }
}
