package org.t3jvm.model.train.data;

/**
 * A place in the order of the data; all that a run must keep to see the same batches again.
 *
 * @param epoch from 0
 * @param batch of the epoch, from 0
 */
public record DataPosition(int epoch, int batch) {
  /** Where a run starts. */
  public static final DataPosition START = new DataPosition(0, 0);
}
