package org.t3jvm.job;

import java.util.Locale;

/** What the weights of the DiT and of the text encoder are kept as. */
public enum WeightFormat {
  /** As the files have them, used where they lie. */
  STORED,

  /**
   * Linear weights as int8 with a scale for each 64 of a row; made in memory unless the file has
   * them.
   */
  Q8;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
