package org.t3jvm.model.hub;

/** Hears of a download; called from several threads. */
public interface PullListener {
  /** Hears nothing. */
  PullListener NONE = new PullListener() {};

  /**
   * The listing is known.
   *
   * @param files that are wanted
   * @param bytes of all of them
   */
  default void begin(int files, long bytes) {}

  /** Bytes that are there: come in now, or kept from before. */
  default void progressed(long bytes) {}

  /** A file is whole and verified. */
  default void finished(String path) {}
}
