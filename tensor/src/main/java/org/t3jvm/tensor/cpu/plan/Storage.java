package org.t3jvm.tensor.cpu.plan;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Value;

/**
 * A piece of memory that one value owns and that its views, and ops that work in place, share.
 *
 * <p>Time is counted in value ids: the storage is in use from the op that first writes to it to the
 * last op that reads one of its values, both included.
 */
public final class Storage {
  /** Who provides the memory. */
  public enum Kind {
    /** An input, parameter or constant: lies where it was given. */
    GIVEN,
    /** The caller's tensor for one output. */
    OUTPUT,
    /** The program's arena. */
    ARENA
  }

  private final Kind kind;
  private final Value owner;
  private final @Nullable String output;
  private final int first;
  private int last;

  Storage(Kind kind, Value owner, @Nullable String output, int first, int last) {
    this.kind = kind;
    this.owner = owner;
    this.output = output;
    this.first = first;
    this.last = last;
  }

  public Kind kind() {
    return kind;
  }

  public Value owner() {
    return owner;
  }

  /** Name of the output whose tensor this is, for {@link Kind#OUTPUT}. */
  public @Nullable String output() {
    return output;
  }

  long bytes() {
    return Placement.bytes(owner);
  }

  /** Id of the op that first writes to it: its owner's, or that of a part of the owner. */
  int first() {
    return first;
  }

  /** Id of the last op that reads it. */
  int last() {
    return last;
  }

  void extendTo(int id) {
    last = Math.max(last, id);
  }
}
