package org.t3jvm.accel.nvidia;

/**
 * The sizes of an attention {@code y = softmax(scale q k^T) v} of BF16 token rows with F32 sums. q
 * and y are [batch, queries, heads * headDim], k and v [batch, keys, heads * headDim]: each head
 * has its own columns, and a batch's rows follow those of the one before.
 */
record AttentionShape(int batch, int queries, int keys, int heads, int headDim, float scale) {
  /** Extents of q and y as cuDNN orders them: batch, head, row, column. */
  long[] queryExtents() {
    return new long[] {batch, heads, queries, headDim};
  }

  /** Extents of k transposed. */
  long[] keyExtents() {
    return new long[] {batch, heads, headDim, keys};
  }

  /** Extents of v. */
  long[] valueExtents() {
    return new long[] {batch, heads, keys, headDim};
  }

  /** Extents of the scores. */
  long[] scoreExtents() {
    return new long[] {batch, heads, queries, keys};
  }

  /** Extents of what there is of each row of scores. */
  long[] rowExtents() {
    return new long[] {batch, heads, queries, 1};
  }

  /** Distances in q and y. */
  long[] queryStrides() {
    return strides(queries);
  }

  /** Distances in k transposed. */
  long[] keyStrides() {
    long[] rows = strides(keys);
    return new long[] {rows[0], rows[1], rows[3], rows[2]};
  }

  /** Distances in v. */
  long[] valueStrides() {
    return strides(keys);
  }

  private long[] strides(int rows) {
    long row = (long) heads * headDim;
    return new long[] {rows * row, headDim, row, 1};
  }

  /** As {@code 21 x 12 heads of 128, 32640 queries, 32640 keys, in bf16}. */
  @Override
  public String toString() {
    return "%d x %d heads of %d, %d queries, %d keys, in bf16"
        .formatted(batch, heads, headDim, queries, keys);
  }
}
