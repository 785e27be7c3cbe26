package org.t3jvm.model.media;

/**
 * What the decoding process writes, a byte each before what follows it: one {@link #OPENED},
 * frames, and an {@link #END}; or a {@link #FAILURE} in place of what could not be had.
 */
final class Records {
  /** turn, four ints. */
  static final int OPENED = 'O';

  /** height, width, int; start, duration in ns, long; the pixels. */
  static final int FRAME = 'F';

  /** Nothing follows. */
  static final int END = 'E';

  /** A text that begins after the file's name. */
  static final int FAILURE = 'X';

  private Records() {}
}
