package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the storages of a program and the temporary buffers of its steps lie in its arena. */
public final class ArenaPlan {
  private final Map<Storage, Long> storages = new HashMap<>();
  private final Map<Integer, Long> temporaries = new HashMap<>();
  private final long bytes;

  ArenaPlan(Placement placement, List<Step> steps) {
    List<Storage> placed =
        placement.storages().stream().filter(s -> s.kind() == Storage.Kind.ARENA).toList();
    List<BufferPlanner.Buffer> buffers = new ArrayList<>();
    for (Storage s : placed) {
      buffers.add(new BufferPlanner.Buffer(s.bytes(), s.first(), s.last()));
    }
    for (Step step : steps) {
      int id = step.value().id();
      buffers.add(new BufferPlanner.Buffer(step.lowered().temporaryBytes(), id, id));
    }
    BufferPlanner.Layout layout = BufferPlanner.plan(buffers);
    bytes = layout.bytes();
    int next = 0;
    for (Storage s : placed) {
      storages.put(s, layout.offsets().get(next++));
    }
    for (Step step : steps) {
      temporaries.put(step.value().id(), layout.offsets().get(next++));
    }
  }

  /** Bytes of the whole arena. */
  public long bytes() {
    return bytes;
  }

  /** Offset of a storage of kind {@link Storage.Kind#ARENA}. */
  public long offset(Storage storage) {
    Long offset = storages.get(storage);
    if (offset == null) {
      throw new IllegalArgumentException(storage.owner() + " does not lie in the arena");
    }
    return offset;
  }

  /** Offset of the temporary buffer of a step. */
  public long temporaryOffset(Step step) {
    Long offset = temporaries.get(step.value().id());
    if (offset == null) {
      throw new IllegalArgumentException("no step of this program computes " + step.value());
    }
    return offset;
  }
}
