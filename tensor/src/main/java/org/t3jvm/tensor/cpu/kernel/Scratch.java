package org.t3jvm.tensor.cpu.kernel;

import java.lang.foreign.MemorySegment;

/** One worker's own memory while it runs a task, contents arbitrary. */
public final class Scratch {
  /** No memory at all. */
  public static final Scratch NONE = new Scratch(new float[0], MemorySegment.NULL);

  private final float[] floats;
  private final MemorySegment memory;

  public Scratch(float[] floats, MemorySegment memory) {
    this.floats = floats;
    this.memory = memory;
  }

  /** As many floats as the kernel asked for or more. */
  public float[] floats() {
    return floats;
  }

  /** As many bytes as it asked for or more, 64-byte aligned and outside of the heap. */
  public MemorySegment memory() {
    return memory;
  }
}
