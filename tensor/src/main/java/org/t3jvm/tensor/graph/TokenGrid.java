package org.t3jvm.tensor.graph;

/**
 * A grid of {@code t * h * w} tokens (latent frames, token rows, token columns), numbered t-major,
 * then h, then w (SPEC 4).
 */
public record TokenGrid(int t, int h, int w) {
  public TokenGrid {
    if (t < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "token grid %dx%dx%d: every extent must be at least 1".formatted(t, h, w));
    }
  }

  /** Number of tokens. */
  public long tokens() {
    return (long) t * h * w;
  }

  /** As {@code 21x136x240}. */
  @Override
  public String toString() {
    return t + "x" + h + "x" + w;
  }
}
