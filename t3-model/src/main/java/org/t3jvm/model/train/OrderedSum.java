package org.t3jvm.model.train;

/**
 * Lets threads add what they compute in any order in the order of its numbers, so that sums have
 * the same bits however many threads there are.
 */
final class OrderedSum {
  private int next;
  private boolean failed;

  /**
   * Adds number {@code index} once all before it are added.
   *
   * @return false if one of them will never come
   */
  synchronized boolean add(int index, Runnable addition) {
    try {
      while (next < index && !failed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed = true;
    }
    if (failed) {
      return false;
    }
    addition.run();
    next++;
    notifyAll();
    return true;
  }

  /** A number will never come. */
  synchronized void fail() {
    failed = true;
    notifyAll();
  }

  synchronized boolean failed() {
    return failed;
  }
}
