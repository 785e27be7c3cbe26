package org.t3jvm.accel.lower;

import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Value;

/** Where the values of a graph lie while an op runs. */
public interface Places {
  /** Elements of a value as F32: its own, or those it was decoded to for this op. */
  Place of(Value value);

  /** Whether a value lies packed as words, and {@link #of} is where it is decoded to. */
  boolean isPacked(Value value);

  /** The words of a packed value. */
  Place packed(Value value);

  /** A table that the lowering asked for by {@link Tables}. */
  Place table(Tables.Table table);
}
