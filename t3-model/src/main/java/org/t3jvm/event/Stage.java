package org.t3jvm.event;

import java.util.Locale;

/** The stages of a run, in order (SPEC 1). */
public enum Stage {
  TEXT,
  ENCODE,
  DENOISE,
  DECODE;

  /** The name in messages. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
