package org.t3jvm.job;

/** How a picture of another aspect ratio is brought to that of a frame. */
public enum ImageFit {
  /** Width and height are scaled each by its own factor, as upstream does. */
  STRETCH,
  /** What passes the frame is cut off, alike on both sides. */
  COVER,
  /** What lacks of the frame is black, alike on both sides. */
  CONTAIN
}
